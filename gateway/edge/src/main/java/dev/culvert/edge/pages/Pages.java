package dev.culvert.edge.pages;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// Renders pages and answers with them, under headers that let a browser do nothing else with them.
/// Thread-safe.
public final class Pages {
    /// Where the build puts the templates' classes.
    private static final String TEMPLATES = "dev.culvert.edge.pages.templates";

    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static final String PERMISSIONS_POLICY =
            "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
                    + " microphone=(), midi=(), payment=(), usb=(),"
                    + " publickey-credentials-create=(self), publickey-credentials-get=(self)";

    private static final TemplateEngine ENGINE =
            TemplateEngine.createPrecompiled(null, ContentType.Html, null, TEMPLATES);

    private Pages() {}

    public static void show(HttpExchange exchange, int status, Page page) throws IOException {
        show(exchange, status, page, HeaderList.of());
    }

    /// @param extra more headers of the answer, such as `Set-Cookie`
    public static void show(HttpExchange exchange, int status, Page page, HeaderList extra)
            throws IOException {
        HeaderList headers = headers(page);
        extra.forEach(headers::add);
        exchange.respond(status, headers, render(page));
    }

    /// The whole document in UTF-8.
    public static byte[] render(Page page) {
        StringOutput html = new StringOutput(16 * 1024);
        ENGINE.render(page.getClass().getSimpleName() + ".jte", page, html);
        return html.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String policy(Page page) {
        return page.compilesWebAssembly()
                ? CONTENT_SECURITY_POLICY.replace(
                        "script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'")
                : CONTENT_SECURITY_POLICY;
    }

    private static HeaderList headers(Page page) {
        return HeaderList.of(
                "Content-Type", "text/html; charset=utf-8",
                "Cache-Control", "no-store",
                "Content-Security-Policy", policy(page),
                "Cross-Origin-Opener-Policy", "same-origin",
                "Cross-Origin-Resource-Policy", "same-origin",
                "Permissions-Policy", PERMISSIONS_POLICY,
                "Referrer-Policy", "same-origin",
                "X-Content-Type-Options", "nosniff",
                "X-Frame-Options", "DENY",
                "X-Robots-Tag", "noindex");
    }
}
