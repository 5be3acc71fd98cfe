package dev.culvert.plugin.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;

/// Answers of pages. Stateless.
public final class PageAnswer {
    private static final int NONCE_BYTES = 18;
    private static final SecureRandom RANDOM = new SecureRandom();

    private PageAnswer() {}

    /// 24 characters of base64url, new each time.
    public static String nonce() {
        byte[] bytes = new byte[NONCE_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().encodeToString(bytes);
    }

    /// A page that browsers do not keep, since its nonce is new each time.
    ///
    /// @param policy its `Content-Security-Policy`
    public static void html(HttpExchange exchange, String html, String policy) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", "text/html; charset=utf-8",
                        "Cache-Control", "no-store",
                        "Content-Security-Policy", policy,
                        "X-Content-Type-Options", "nosniff",
                        "Referrer-Policy", "no-referrer",
                        "Cross-Origin-Opener-Policy", "same-origin",
                        "Cross-Origin-Resource-Policy", "same-origin");
        exchange.respond(200, headers, html.getBytes(StandardCharsets.UTF_8));
    }

    /// A file that browsers keep for good.
    public static void asset(HttpExchange exchange, WebAsset asset) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", asset.type(),
                        "Cache-Control", "private, max-age=31536000, immutable",
                        "Vary", "Accept-Encoding",
                        "X-Content-Type-Options", "nosniff",
                        "Cross-Origin-Resource-Policy", "same-origin");
        boolean zipped = exchange.requestHeaders().hasToken("Accept-Encoding", "gzip");
        if (zipped) {
            headers.add("Content-Encoding", "gzip");
        }
        exchange.respond(200, headers, zipped ? asset.zipped() : asset.bytes());
    }

    /// A line for people.
    public static void text(HttpExchange exchange, int status, String text) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Content-Type", "text/plain; charset=utf-8",
                        "Cache-Control", "no-store",
                        "X-Content-Type-Options", "nosniff");
        if (status == 405) {
            headers.add("Allow", "GET, HEAD");
        }
        exchange.respond(status, headers, text.getBytes(StandardCharsets.UTF_8));
    }
}
