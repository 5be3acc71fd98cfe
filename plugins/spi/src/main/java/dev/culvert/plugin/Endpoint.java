package dev.culvert.plugin;

import java.nio.file.Path;

/// Where an origin listens. Immutable.
public sealed interface Endpoint {
    /// @param host name or literal address, without brackets
    record Tcp(String host, int port) implements Endpoint {
        public Tcp {
            if (port < 1 || port > 65535) {
                throw new IllegalArgumentException("port: " + port + " (expected: 1 to 65535)");
            }
        }

        @Override
        public String toString() {
            return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        }
    }

    record UnixSocket(Path path) implements Endpoint {
        @Override
        public String toString() {
            return "unix:" + path;
        }
    }
}
