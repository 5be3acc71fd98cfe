package dev.culvert.edge.rules;

import dev.culvert.config.Shown;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The text of a rule's `service`, checked without knowing the plugins. Pure.
final class ServiceText {
    private static final List<String> WORDS =
            List.of("hello_world", "hello-world", "bastion", "socks-proxy");
    private static final List<String> HTTP = List.of("http", "https", "ws", "wss");

    private ServiceText() {}

    /// @return what is wrong with it, or null
    static @Nullable String problem(String service) {
        if (WORDS.contains(service)) {
            return null;
        }
        int colon = service.indexOf(':');
        String scheme = colon < 0 ? "" : service.substring(0, colon).toLowerCase(Locale.ROOT);
        String rest = service.substring(colon + 1);
        if (scheme.equals("http_status")) {
            boolean status = rest.matches("[2-9][0-9]{2}");
            return status ? null : Shown.value(service) + " (expected: http_status:200 to 999)";
        }
        if (scheme.equals("unix") || scheme.equals("unix+tls")) {
            boolean path = rest.startsWith("/") && rest.length() > 1;
            return path ? null : Shown.value(service) + " (expected: " + scheme + ":/PATH)";
        }
        if (!rest.startsWith("//") || !scheme.matches("[a-z][a-z0-9+._-]*")) {
            return Shown.value(service)
                    + " has no scheme and host (expected: one such as http://localhost:8080)";
        }
        return address(service, scheme, rest.substring(2));
    }

    private static @Nullable String address(String service, String scheme, String address) {
        String authority = address;
        int query = HTTP.contains(scheme) ? address.indexOf('?') : -1;
        if (query >= 0) {
            authority = address.substring(0, query);
        }
        if (authority.indexOf('/') >= 0) {
            return Shown.value(service) + " has a path (expected: SCHEME://HOST[:PORT])";
        }
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        String host = port ? authority.substring(0, colon) : authority;
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        if (host.isEmpty() || (host.indexOf(':') >= 0 && !bracketed)) {
            return Shown.value(service)
                    + (host.isEmpty() ? " has no host" : "")
                    + " (expected: SCHEME://HOST[:PORT], an IPv6 address in brackets)";
        }
        String digits = port ? authority.substring(colon + 1) : "1";
        boolean number = digits.matches("[0-9]{1,5}");
        int value = number ? Integer.parseInt(digits) : 0;
        return value >= 1 && value <= 65_535
                ? null
                : "port "
                        + Shown.value(digits)
                        + " of "
                        + Shown.value(service)
                        + " (expected: 1 to 65535)";
    }
}
