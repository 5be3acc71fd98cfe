package dev.culvert.plugin.desktop.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.web.PageAnswer;
import dev.culvert.plugin.edge.web.WebAsset;
import java.io.IOException;

/// The page with a desktop: itself at `/`, the built-in engine's frame at [#FRAME], their files below [#ASSETS]. Whoever
/// asks has been let in. Thread-safe.
///
/// Their policies allow their own files alone. WebAssembly runs in the frame only, where a crash of it leaves the page
/// able to start it anew.
public final class DesktopPage {
    /// Where the pages' files are.
    public static final String ASSETS = "/.culvert/desktop/assets/";

    public static final String FRAME = "/.culvert/desktop/frame";

    /// Guacamole draws images of `data:` and `blob:` URLs, and shows cursors so.
    static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                    + " img-src 'self' data: blob:; font-src 'self'; frame-src 'self';"
                    + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

    static final String FRAME_POLICY =
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
                    + " connect-src 'self'; img-src data:; form-action 'none'; base-uri 'none';"
                    + " frame-ancestors 'self'";

    private static final String BUILT_WITHOUT =
            "This edge was built without npm, so the built-in engine is not in it.\n";

    private final Pages pages;

    public DesktopPage() {
        this(new Pages(WebFiles::read));
    }

    DesktopPage(Pages pages) {
        this.pages = pages;
    }

    /// Whether the built-in engine is in this build: without npm it is not, and its pages say so.
    public boolean hasBuiltIn() {
        return pages.get().files().hasBuiltIn();
    }

    /// The page of who watches a session. It shares this one's files.
    public ViewPage viewPage() {
        return new ViewPage(pages);
    }

    /// Answers a request for a page or a file of one.
    ///
    /// @return whether it was one
    public boolean handle(HttpExchange exchange) throws IOException {
        String path = withoutQuery(exchange.path());
        boolean isPage = path.equals("/") || path.equals(FRAME);
        if (!isPage && !path.startsWith(ASSETS)) {
            return false;
        }
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            PageAnswer.text(exchange, 405, "this is only to be read\n");
        } else if (isPage) {
            show(exchange, path);
        } else {
            give(exchange, pages.get(), path);
        }
        return true;
    }

    private void show(HttpExchange exchange, String path) throws IOException {
        Pages.Ready ready = pages.get();
        if (path.equals("/")) {
            PageAnswer.html(exchange, ready.page(), POLICY);
        } else if (ready.files().hasBuiltIn()) {
            PageAnswer.html(exchange, ready.frame(), FRAME_POLICY);
        } else {
            PageAnswer.text(exchange, 503, BUILT_WITHOUT);
        }
    }

    static void give(HttpExchange exchange, Pages.Ready ready, String path) throws IOException {
        WebAsset asset = ready.files().at(path);
        if (asset == null) {
            PageAnswer.text(exchange, 404, "no such file: reload the page\n");
        } else {
            PageAnswer.asset(exchange, asset);
        }
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }
}
