package dev.culvert.policy;

import dev.culvert.config.ConfigValue;
import dev.culvert.config.Shown;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads a place of an application: `host`, `host/path` or `*.suffix`, with or without a path. Names of hosts
/// end up in lower case and punycode, as in routes; paths stay as they are written, without a final slash.
/// Stateless.
final class PlaceReader {
    private static final int MAX_HOST = 253;
    private static final int MAX_LABEL = 63;
    private static final int MAX_PATH = 1024;
    private static final String EXPECTED =
            " (expected: such as app.example.com, app.example.com/path or *.example.com)";

    private PlaceReader() {}

    /// @return null when it is none; that was reported then
    static Application.@Nullable Place read(ConfigValue value) {
        String text = value.text();
        if (text == null) {
            return null;
        }
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        String path = slash < 0 ? "/" : text.substring(slash);
        String problem = text.contains("://") ? "is a URL; leave out the scheme" : wrong(host);
        if (problem == null) {
            problem = wrongPath(path);
        }
        if (problem != null) {
            value.problem(Shown.value(text) + " " + problem + EXPECTED);
            return null;
        }
        int end = path.length() > 1 && path.endsWith("/") ? path.length() - 1 : path.length();
        return new Application.Place(normal(host), path.substring(0, end));
    }

    private static @Nullable String wrong(String host) {
        if (host.indexOf(':') >= 0) {
            return "has a port; it holds for every port";
        }
        String name = host.startsWith("*.") ? host.substring(2) : host;
        if (name.indexOf('*') >= 0) {
            return "has a wildcard elsewhere than as the first label";
        }
        String ascii = ascii(name);
        if (ascii == null || ascii.length() > MAX_HOST) {
            return "is no host name";
        }
        String last = ascii.substring(ascii.lastIndexOf('.') + 1);
        if (last.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return "is no host name";
        }
        for (String label : ascii.split("\\.", -1)) {
            if (!isLabel(label)) {
                return "has the label " + Shown.value(label);
            }
        }
        return null;
    }

    private static boolean isLabel(String label) {
        return !label.isEmpty()
                && label.length() <= MAX_LABEL
                && !label.startsWith("-")
                && !label.endsWith("-")
                && label.chars()
                        .allMatch(
                                c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-');
    }

    private static String normal(String host) {
        boolean wildcard = host.startsWith("*.");
        String ascii = ascii(wildcard ? host.substring(2) : host);
        return (wildcard ? "*." : "") + ascii;
    }

    private static @Nullable String ascii(String name) {
        if (name.length() > MAX_HOST + 1) {
            return null;
        }
        try {
            String ascii = IDN.toASCII(name).toLowerCase(Locale.ROOT);
            return ascii.endsWith(".") ? ascii.substring(0, ascii.length() - 1) : ascii;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// A path that origins could read in several ways could never be asked for.
    private static @Nullable String wrongPath(String path) {
        if (path.length() > MAX_PATH) {
            return "has a path of more than " + MAX_PATH + " characters";
        }
        if (path.indexOf('*') >= 0) {
            return "has a wildcard in its path; a path holds for all below it";
        }
        if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            return "has a query; leave it out";
        }
        if (path.indexOf('%') >= 0) {
            return "has an encoded path; write it decoded";
        }
        if (path.contains("//") || PathReadings.of(encoded(path)).size() != 1) {
            return "has a path that origins read in several ways";
        }
        return null;
    }

    private static String encoded(String path) {
        StringBuilder text = new StringBuilder();
        for (byte octet : path.getBytes(StandardCharsets.UTF_8)) {
            if (octet > ' ' && octet < 0x7f) {
                text.append((char) octet);
            } else {
                text.append(String.format("%%%02x", octet & 0xff));
            }
        }
        return text.toString();
    }
}
