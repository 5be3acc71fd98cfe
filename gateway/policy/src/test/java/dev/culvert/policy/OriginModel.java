package dev.culvert.policy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Pattern;

/// How kinds of origins come from the path of a request to the one they serve; as their documentation and
/// sources say, and independent of [PathReadings].
enum OriginModel {
    /// As it is, but for what RFC 3986 calls equivalent: encoded letters, digits, `-._~`.
    VERBATIM {
        @Override
        String read(String path) {
            return equivalent(path);
        }
    },
    /// Decoded once and no more: Node routers, many frameworks.
    DECODED {
        @Override
        String read(String path) {
            return decoded(path);
        }
    },
    /// RFC 3986, 5.2.4 on the text as it is: proxies that normalise, then decoded.
    RESOLVED {
        @Override
        String read(String path) {
            return decoded(resolved(equivalent(path), false));
        }
    },
    /// nginx: decoded, slashes merged, dots resolved.
    NGINX {
        @Override
        String read(String path) {
            return resolved(decoded(path), true);
        }
    },
    /// Tomcat: parameters cut off each segment, decoded, dots resolved.
    TOMCAT {
        @Override
        String read(String path) {
            return resolved(decoded(path.replaceAll(";[^/]*", "")), true);
        }
    },
    /// As Tomcat, for what decodes before it cuts.
    LATE_PARAMETERS {
        @Override
        String read(String path) {
            return resolved(decoded(path).replaceAll(";[^/]*", ""), false);
        }
    },
    /// IIS: decoded, backslashes are slashes, dots resolved, dots and spaces at ends of names cut.
    IIS {
        @Override
        String read(String path) {
            String resolved = resolved(decoded(path).replace('\\', '/'), true);
            return resolved.replaceAll("[. ]+(?=/|$)", "");
        }
    },
    /// Two servers in a row, each of which decodes.
    TWICE {
        @Override
        String read(String path) {
            return resolved(decoded(resolved(decoded(path), true)), true);
        }
    },
    /// Decoded before the query is cut off.
    LATE_QUERY {
        @Override
        String read(String path) {
            return resolved(decoded(path).replaceAll("[?#].*", ""), true);
        }
    },
    /// Compatibility characters made plain, as by a file system or a "best fit" code page.
    BEST_FIT {
        @Override
        String read(String path) {
            return resolved(
                    Normalizer.normalize(decoded(path), Normalizer.Form.NFKC).replace('\\', '/'),
                    true);
        }
    };

    abstract String read(String path);

    private static String equivalent(String path) {
        return Pattern.compile("%(2[dDeE]|3\\d|[46][1-9a-fA-F]|[57][\\daA]|5[fF]|7[eE])")
                .matcher(path)
                .replaceAll(found -> decoded(found.group()));
    }

    private static String decoded(String path) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%' && i + 2 < bytes.length) {
                String hex = new String(bytes, i + 1, 2, StandardCharsets.US_ASCII);
                if (hex.matches("[0-9a-fA-F]{2}")) {
                    out.write(Integer.parseInt(hex, 16));
                    i += 2;
                    continue;
                }
            }
            out.write(bytes[i]);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /// @param merging whether empty segments go before dots are looked at
    private static String resolved(String path, boolean merging) {
        Deque<String> kept = new ArrayDeque<>();
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            String segment = segments[i];
            if (segment.equals("..")) {
                kept.pollLast();
            } else if (!segment.equals(".") && !(merging && segment.isEmpty())) {
                kept.addLast(segment);
            }
        }
        return "/" + String.join("/", kept);
    }
}
