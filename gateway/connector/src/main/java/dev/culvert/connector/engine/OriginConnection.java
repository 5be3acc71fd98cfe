package dev.culvert.connector.engine;

import dev.culvert.transport.http2.Http2Link;

/// A new connection to an origin, in the protocol TLS agreed on.
sealed interface OriginConnection {
    /// Closes it, when nobody wants it any more.
    void close();

    record Http1(HttpOriginChannel channel) implements OriginConnection {
        @Override
        public void close() {
            channel.close();
        }
    }

    record Http2(Http2Link link) implements OriginConnection {
        @Override
        public void close() {
            link.abort();
        }
    }
}
