package dev.culvert.edge.front;

import dev.culvert.edge.web.Accept;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Renders an [EdgeError]: a small page for browsers, JSON for everything else. Stateless.
final class ErrorAnswer {
    private static final String PAGE =
            """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>%1$d – %2$s</title>
            <style>
            :root { color-scheme: light dark; --ink: #1a2326; --dim: #556066; --paper: #f4f5f3; --card: #fff; --line: #dfe3e1; }
            @media (prefers-color-scheme: dark) {
              :root { --ink: #e7ecec; --dim: #a0adb1; --paper: #111618; --card: #1a2124; --line: #2c363a; }
            }
            body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--paper);
                   color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
            main { box-sizing: border-box; width: min(34rem, 100%% - 2rem); margin: 1rem; padding: 2rem; background: var(--card);
                   border: 1px solid var(--line); border-radius: 12px; }
            p { margin: .6rem 0; } .status { color: var(--dim); font-size: .9rem; margin: 0; }
            h1 { font-size: 1.35rem; line-height: 1.3; margin: .2rem 0 1rem; }
            dl { display: grid; grid-template-columns: auto 1fr; gap: .2rem 1rem; margin: 1.4rem 0 0; padding-top: 1rem;
                 border-top: 1px solid var(--line); color: var(--dim); font-size: .85rem; }
            dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
            </style>
            </head>
            <body>
            <main>
            <p class="status">Error %1$d</p>
            <h1>%2$s</h1>
            <p>%3$s</p>
            <dl><dt>Name</dt><dd>%4$s</dd><dt>Reason</dt><dd>%5$s</dd><dt>Request</dt><dd>%6$s</dd></dl>
            </main>
            </body>
            </html>
            """;

    private ErrorAnswer() {}

    /// Gives the whole answer.
    ///
    /// @param request what it answers; decides between page and JSON
    /// @param host shown as the client sent it, escaped
    /// @return bytes given, for which credit will come
    static int give(
            StreamPeer caller, StreamRequest request, EdgeError error, String host, String id) {
        boolean page = Accept.page(request.headers());
        String body =
                page
                        ? PAGE.formatted(
                                error.status(),
                                html(error.sentence()),
                                html(error.next()),
                                html(host),
                                error.code(),
                                id)
                        : json(error, id);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HeaderList headers = new HeaderList(8);
        headers.add("Content-Type", page ? "text/html; charset=utf-8" : "application/json");
        headers.add("Content-Length", Integer.toString(bytes.length));
        headers.add("Cache-Control", "no-store");
        headers.add("X-Content-Type-Options", "nosniff");
        headers.add("X-Request-Id", id);
        if (page) {
            headers.add(
                    "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        }
        if (error.status() == 503 || error.status() == 429) {
            headers.add("Retry-After", "5");
        }
        if (request.method().equals("HEAD")) {
            caller.response(StreamResponse.of(error.status(), headers), true);
            return 0;
        }
        caller.response(StreamResponse.of(error.status(), headers), false);
        caller.data(Unpooled.wrappedBuffer(bytes), true);
        return bytes.length;
    }

    /// Every text here is ours: no character needs escaping in JSON.
    private static String json(EdgeError error, String id) {
        return "{\"error\":{\"code\":\""
                + error.code()
                + "\",\"message\":\""
                + error.sentence()
                + "\",\"next\":\""
                + error.next()
                + "\",\"id\":\""
                + id
                + "\"}}\n";
    }

    private static String html(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String shown = text.length() > 253 ? text.substring(0, 253) : text;
        return shown.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
