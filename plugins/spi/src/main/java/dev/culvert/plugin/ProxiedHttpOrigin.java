package dev.culvert.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An HTTP server the connector speaks HTTP/1.1 to, or HTTP/2 where TLS agrees on it. Immutable.
///
/// @param tls null for plain HTTP
/// @param hostHeader what the origin sees as `Host`, or null for the public name; when set the public
///     name goes into `X-Forwarded-Host`
/// @param keepAliveConnections idle connections kept for this origin
/// @param keepAliveTimeout how long an idle one is kept
/// @param chunkedRequests false refuses a request body of unknown length instead of sending it chunked
///     (`disableChunkedEncoding`); HTTP/2 has no chunks and needs none
public record ProxiedHttpOrigin(
        Endpoint endpoint,
        DialSettings dialling,
        @Nullable Tls tls,
        @Nullable String hostHeader,
        int keepAliveConnections,
        Duration keepAliveTimeout,
        boolean chunkedRequests)
        implements Origin {

    /// @param serverName SNI and the name to verify; null for the endpoint's host
    /// @param matchSniToHost SNI is the request's host instead
    /// @param verify false accepts any certificate (`noTLSVerify`)
    /// @param caPool PEM files added to the system's roots
    /// @param http2 offer HTTP/2 by ALPN (`http2Origin`)
    public record Tls(
            @Nullable String serverName,
            boolean matchSniToHost,
            boolean verify,
            List<Path> caPool,
            boolean http2,
            Duration handshakeTimeout) {}
}
