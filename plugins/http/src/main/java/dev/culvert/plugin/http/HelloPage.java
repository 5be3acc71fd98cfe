package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Locale;

/// The one page of `hello_world`: a template with three places for escaped facts, its style and
/// script inside and allowed by their hashes. Immutable.
final class HelloPage {
    private static final int MAX_VALUE = 200;

    private final String template;
    private final String policy;

    HelloPage() {
        template = resource("hello.html");
        policy =
                "default-src 'none'; style-src 'sha256-"
                        + hash(between("<style>", "</style>"))
                        + "'; script-src 'sha256-"
                        + hash(between("<script>", "</script>"))
                        + "'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                        + " frame-ancestors 'none'";
    }

    String policy() {
        return policy;
    }

    byte[] render(HttpExchange exchange) {
        StringBuilder edge = new StringBuilder();
        HeaderList headers = exchange.requestHeaders();
        for (int i = 0; i < headers.size(); i++) {
            if (isFromEdge(headers.name(i))) {
                edge.append("<tr><th scope=\"row\">")
                        .append(escape(headers.name(i)))
                        .append("</th><td>")
                        .append(escape(shown(headers.name(i), headers.value(i))))
                        .append("</td></tr>\n");
            }
        }
        if (edge.isEmpty()) {
            edge.append("<tr><td colspan=\"2\">none</td></tr>\n");
        }
        return template.replace("{{host}}", escape(exchange.authority()))
                .replace("{{request}}", escape(exchange.method() + " " + path(exchange)))
                .replace("{{headers}}", edge)
                .getBytes(StandardCharsets.UTF_8);
    }

    /// The path without its query, which may hold secrets.
    static String path(HttpExchange exchange) {
        String path = exchange.path();
        int query = path.indexOf('?');
        return shorten(query < 0 ? path : path.substring(0, query));
    }

    private static boolean isFromEdge(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.startsWith("cf-")
                || lower.startsWith("x-forwarded-")
                || lower.startsWith("culvert-")
                || lower.equals("cdn-loop");
    }

    /// An assertion is a credential for whoever sees it: only that it is there.
    private static String shown(String name, String value) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.contains("assertion") || lower.contains("token") || lower.contains("secret")
                ? "(" + value.length() + " characters, not shown)"
                : shorten(value);
    }

    static String shorten(String value) {
        return value.length() > MAX_VALUE ? value.substring(0, MAX_VALUE) + "…" : value;
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;")
                // So that no value is taken for a place of the template.
                .replace("{", "&#123;");
    }

    private String between(String start, String end) {
        int from = template.indexOf(start) + start.length();
        return template.substring(from, template.indexOf(end, from));
    }

    private static String hash(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String resource(String name) {
        try (InputStream in = HelloPage.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
