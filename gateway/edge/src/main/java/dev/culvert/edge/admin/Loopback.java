package dev.culvert.edge.admin;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Which hosts mean this machine, judged by their text alone.
final class Loopback {
    private static final Pattern IPV4 = Pattern.compile("127(\\.\\d{1,3}){3}");

    private Loopback() {}

    /// @param host an IPv6 address in brackets
    static boolean isLoopback(@Nullable String host) {
        return host != null
                && (host.equals("localhost")
                        || host.equals("[::1]")
                        || IPV4.matcher(host).matches());
    }

    /// Whether a `Host` header, in lower case, names this machine and the port.
    static boolean isAuthority(String authority, int port) {
        int colon = authority.lastIndexOf(':');
        boolean hasPort = colon > authority.lastIndexOf(']');
        String host = hasPort ? authority.substring(0, colon) : authority;
        String written = hasPort ? authority.substring(colon + 1) : "80";
        return isLoopback(host) && written.equals(Integer.toString(port));
    }
}
