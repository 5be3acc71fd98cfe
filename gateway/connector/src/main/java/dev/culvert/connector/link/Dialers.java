package dev.culvert.connector.link;

import dev.culvert.transport.Dialer;
import dev.culvert.transport.quic.QuicDialer;

/// What dials, by protocol. Immutable.
record Dialers(Dialer tcp, QuicDialer quic) {}
