package dev.culvert.plugin;

import java.time.Duration;

/// How an origin is dialled. Immutable.
///
/// @param connectTimeout TCP connect, all addresses together
/// @param tcpKeepAlive keep-alive interval; zero switches it off
public record DialSettings(Duration connectTimeout, Duration tcpKeepAlive) {
    public static final DialSettings DEFAULT =
            new DialSettings(Duration.ofSeconds(30), Duration.ofSeconds(30));
}
