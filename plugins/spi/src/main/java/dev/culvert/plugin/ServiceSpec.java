package dev.culvert.plugin;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One `service:` of an ingress rule with its `originRequest` settings, defaults filled in.
/// Immutable.
///
/// @param text as written, for messages
/// @param scheme what selected the plugin, lower case: `ssh` of `ssh://host`, `http_status` of
///     `http_status:404`, `unix` of `unix:/run/app.sock`, `hello_world`
/// @param rest what follows `scheme://` or `scheme:`, as written; empty for a bare word
public record ServiceSpec(String text, String scheme, String rest, OriginRequest originRequest) {

    /// The keys of cloudflared's `originRequest` that plugins see, names as there, and one of ours.
    ///
    /// @param rdpSecurity what an RDP connection may be protected by, of [#RDP_SECURITY]; empty for anything
    public record OriginRequest(
            Duration connectTimeout,
            Duration tlsTimeout,
            Duration tcpKeepAlive,
            boolean noHappyEyeballs,
            int keepAliveConnections,
            Duration keepAliveTimeout,
            boolean disableChunkedEncoding,
            boolean http2Origin,
            @Nullable String httpHostHeader,
            @Nullable String originServerName,
            boolean matchSNItoHost,
            @Nullable Path caPool,
            boolean noTLSVerify,
            List<String> rdpSecurity) {
        /// TLS, and CredSSP inside of it (NLA).
        public static final List<String> RDP_SECURITY = List.of("tls", "credssp");

        public static final OriginRequest DEFAULT =
                new OriginRequest(
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(30),
                        false,
                        100,
                        Duration.ofSeconds(90),
                        false,
                        false,
                        null,
                        null,
                        false,
                        null,
                        false,
                        List.of());

        public OriginRequest {
            rdpSecurity = List.copyOf(rdpSecurity);
        }

        /// The keys of cloudflared alone.
        public OriginRequest(
                Duration connectTimeout,
                Duration tlsTimeout,
                Duration tcpKeepAlive,
                boolean noHappyEyeballs,
                int keepAliveConnections,
                Duration keepAliveTimeout,
                boolean disableChunkedEncoding,
                boolean http2Origin,
                @Nullable String httpHostHeader,
                @Nullable String originServerName,
                boolean matchSNItoHost,
                @Nullable Path caPool,
                boolean noTLSVerify) {
            this(
                    connectTimeout,
                    tlsTimeout,
                    tcpKeepAlive,
                    noHappyEyeballs,
                    keepAliveConnections,
                    keepAliveTimeout,
                    disableChunkedEncoding,
                    http2Origin,
                    httpHostHeader,
                    originServerName,
                    matchSNItoHost,
                    caPool,
                    noTLSVerify,
                    List.of());
        }
    }

    public DialSettings dialling() {
        return new DialSettings(
                originRequest.connectTimeout(),
                originRequest.tcpKeepAlive(),
                !originRequest.noHappyEyeballs());
    }

    /// Reads `rest` as `HOST[:PORT]`.
    ///
    /// @param defaultPort used when none is written; 0 when the scheme has none
    /// @return null when a problem was reported
    public Endpoint.@Nullable Tcp endpoint(int defaultPort, Problems problems) {
        String host = rest;
        String port = "";
        int slash = rest.indexOf('/');
        if (slash >= 0 || rest.indexOf('?') >= 0) {
            problems.add(
                    "service",
                    "\"" + text + "\" has a path (expected: " + scheme + "://HOST[:PORT])");
            return null;
        }
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf(']')) {
            host = rest.substring(0, colon);
            port = rest.substring(colon + 1);
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            problems.add(
                    "service",
                    "\"" + text + "\" (expected: an IPv6 address in brackets, such as [::1])");
            return null;
        }
        if (host.isEmpty()) {
            problems.add(
                    "service",
                    "\"" + text + "\" has no host (expected: " + scheme + "://HOST[:PORT])");
            return null;
        }
        int number = defaultPort;
        if (!port.isEmpty() || (colon >= 0 && colon == rest.length() - 1)) {
            number = portNumber(port);
            if (number < 0) {
                problems.add(
                        "service",
                        "port \"" + port + "\" of \"" + text + "\" (expected: 1 to 65535)");
                return null;
            }
        }
        if (number == 0) {
            problems.add(
                    "service",
                    "\"" + text + "\" has no port and " + scheme + " has no default one");
            return null;
        }
        return new Endpoint.Tcp(host, number);
    }

    private static int portNumber(String text) {
        if (text.isEmpty()
                || text.length() > 5
                || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        int number = Integer.parseInt(text);
        return number >= 1 && number <= 65535 ? number : -1;
    }
}
