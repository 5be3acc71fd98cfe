package dev.culvert.plugin;

import java.time.Duration;

/// How an origin is dialled. Immutable.
///
/// @param connectTimeout TCP connect, all addresses together
/// @param happyEyeballs several addresses of a name are tried at a time (RFC 8305), not in turn
/// @param tcpKeepAlive keep-alive interval; zero switches it off
public record DialSettings(Duration connectTimeout, Duration tcpKeepAlive, boolean happyEyeballs) {
    public static final DialSettings DEFAULT =
            new DialSettings(Duration.ofSeconds(30), Duration.ofSeconds(30), true);
}
