package dev.culvert.connector.link;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where an edge accepts tunnels. Immutable.
///
/// @param host name or literal address, without brackets
/// @param ip one of the name's addresses, or null while it is not resolved
public record EdgeAddress(String host, int port, @Nullable InetAddress ip) {
    public static final int DEFAULT_PORT = 7844;

    private static final Pattern NAME = Pattern.compile("[^\\s/\\[\\]]+");

    public EdgeAddress(String host, int port) {
        this(host, port, null);
    }

    /// Reads `HOST`, `HOST:PORT` or `[IPV6]:PORT`.
    ///
    /// @throws IllegalArgumentException with a message for the user
    public static EdgeAddress parse(String text) {
        String host = text;
        int port = DEFAULT_PORT;
        int colon = text.lastIndexOf(':');
        if (colon > text.lastIndexOf(']') && text.indexOf(':') == colon
                || colon > 0 && text.startsWith("[") && text.charAt(colon - 1) == ']') {
            host = text.substring(0, colon);
            port = port(text.substring(colon + 1));
        }
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (port < 1 || port > 65535 || !NAME.matcher(host).matches()) {
            throw new IllegalArgumentException(
                    "edge: \""
                            + text
                            + "\" (expected: HOST[:PORT], port "
                            + DEFAULT_PORT
                            + " when left out)");
        }
        return new EdgeAddress(host, port);
    }

    private static int port(String digits) {
        boolean number =
                !digits.isEmpty()
                        && digits.length() <= 5
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(digits) : -1;
    }

    /// `HOST:PORT`, with the address behind it when the host is a name: `edge.example.com:7844/192.0.2.1`.
    @Override
    public String toString() {
        String text = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
        return ip == null || NetUtil.createByteArrayFromIpAddressString(host) != null
                ? text
                : text + "/" + NetUtil.toAddressString(ip);
    }
}
