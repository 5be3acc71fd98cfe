package dev.culvert.connector.link;

import java.util.Locale;

/// What carries a connection to the edge.
public enum Protocol {
    QUIC,
    HTTP2;

    /// `quic`, `http2`: as in logs, metrics and configuration.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
