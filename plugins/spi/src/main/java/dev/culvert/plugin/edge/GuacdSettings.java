package dev.culvert.plugin.edge;

import java.net.InetAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where Apache Guacamole's guacd is, as the edge's key `guacd` says. Immutable.
///
/// @param host name or address
/// @param port 4822 unless said otherwise
/// @param tls whether it speaks TLS; the certificate must be for `host`
/// @param authorities PEM file of who signs its certificate; null for the system's
/// @param reach this edge's address that guacd connects to, since it reaches hosts through the edge; null for
///     127.0.0.1, which only a guacd of this machine reaches
/// @param drive directory in guacd's file system below which each session's drive is made; null for no files
public record GuacdSettings(
        String host,
        int port,
        boolean tls,
        @Nullable Path authorities,
        @Nullable InetAddress reach,
        @Nullable String drive) {}
