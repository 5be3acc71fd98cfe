package dev.culvert.access;

import dev.culvert.protocols.websocket.HandshakeException;
import dev.culvert.protocols.websocket.ResponseHead;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An HTTP proxy that is asked to `CONNECT`, from the environment: `HTTPS_PROXY` (or lower case),
/// unless `NO_PROXY` names the destination. Immutable.
///
/// @param credentials `user:password`, or null; never shown
public record Proxy(HostPort address, @Nullable String credentials) {

    /// The proxy for a destination, or null for a direct connection.
    static @Nullable Proxy from(UnaryOperator<@Nullable String> environment, HostPort destination)
            throws Problem {
        String url = first(environment, "HTTPS_PROXY", "https_proxy");
        if (url == null || LocalNames.isLocal(destination.host())) {
            return null;
        }
        String exceptions = first(environment, "NO_PROXY", "no_proxy");
        return exceptions != null && excludes(exceptions, destination) ? null : parse(url);
    }

    private static Proxy parse(String url) throws Problem {
        String rest = url.strip();
        int scheme = rest.indexOf("://");
        if (scheme >= 0 && !rest.substring(0, scheme).equalsIgnoreCase("http")) {
            throw wrong();
        }
        rest = scheme >= 0 ? rest.substring(scheme + 3) : rest;
        int slash = rest.indexOf('/');
        rest = slash >= 0 ? rest.substring(0, slash) : rest;
        int at = rest.lastIndexOf('@');
        String credentials = at >= 0 ? percentDecoded(rest.substring(0, at)) : null;
        HostPort address = HostPort.parse(rest.substring(at + 1), 80);
        if (address == null || address.port() == 0 || !Target.isName(address.host())) {
            throw wrong();
        }
        return new Proxy(address, credentials);
    }

    /// Comma-separated: `*`, a name (itself and everything below it), either with `:port`.
    private static boolean excludes(String list, HostPort destination) {
        for (String part : list.split(",")) {
            String entry = part.strip().toLowerCase(Locale.ROOT);
            if (entry.equals("*")) {
                return true;
            }
            HostPort pattern = entry.isEmpty() ? null : HostPort.parse(entry, destination.port());
            if (pattern == null || pattern.port() != destination.port()) {
                continue;
            }
            String name = pattern.host();
            name = name.startsWith("*.") ? name.substring(1) : name;
            boolean below = destination.host().endsWith(name.startsWith(".") ? name : "." + name);
            if (below || destination.host().equals(name)) {
                return true;
            }
        }
        return false;
    }

    /// The request that opens a tunnel to `destination`.
    byte[] request(HostPort destination) {
        StringBuilder text = new StringBuilder("CONNECT ").append(destination);
        text.append(" HTTP/1.1\r\nHost: ").append(destination).append("\r\n");
        if (credentials != null) {
            byte[] bytes = credentials.getBytes(StandardCharsets.UTF_8);
            text.append("Proxy-Authorization: Basic ");
            text.append(Base64.getEncoder().encodeToString(bytes)).append("\r\n");
        }
        return text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /// Passes when the tunnel is open.
    void check(ResponseHead head) throws Problem {
        if (head.status() == 407) {
            throw Problem.failed(
                    "proxy " + address + " asks for a login (407)",
                    "put user and password into HTTPS_PROXY: http://user:password@" + address);
        }
        if (head.status() < 200 || head.status() > 299) {
            throw Problem.failed(
                    "proxy " + address + " refused the connection (" + head.status() + ")",
                    "ask the proxy's owner to allow CONNECT, or name the host in NO_PROXY");
        }
    }

    Problem closed() {
        return Problem.failed(
                "proxy " + address + " closed the connection",
                "check HTTPS_PROXY, and that the proxy allows CONNECT");
    }

    Problem broken(HandshakeException cause) {
        return Problem.failed("proxy " + address + ": " + cause.getMessage(), "check HTTPS_PROXY");
    }

    private static @Nullable String first(
            UnaryOperator<@Nullable String> environment, String upper, String lower) {
        String value = environment.apply(upper);
        value = value == null || value.isBlank() ? environment.apply(lower) : value;
        return value == null || value.isBlank() ? null : value;
    }

    private static String percentDecoded(String text) {
        return java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Problem wrong() {
        return Problem.usage(
                "HTTPS_PROXY: not a proxy address (expected: http://[user:password@]host:port)",
                "correct the variable, or unset it for a direct connection");
    }

    /// Without the credentials.
    @Override
    public String toString() {
        return "Proxy[" + address + "]";
    }
}
