package dev.culvert.plugin.ssh.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.web.PageAnswer;
import dev.culvert.plugin.edge.web.WebAsset;
import dev.culvert.plugin.edge.web.WebAssets;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The page with the terminal: itself at `/`, its files below [#ASSETS]. Whoever asks has been let in.
/// Thread-safe.
///
/// The policy of the page allows its own files alone. Styles that xterm.js makes bear a nonce, new for each
/// answer, which is why the page is not kept by browsers.
public final class TerminalPage {
    /// Where the page's files are.
    public static final String ASSETS = "/.culvert/ssh/assets/";

    private static final String LIBRARIES = "libraries/@xterm/";

    private static final List<String> SCRIPTS =
            List.of(
                    "main.js",
                    "about.js",
                    "connection.js",
                    "elements.js",
                    "files.js",
                    "keys.js",
                    "over.js",
                    "questions.js",
                    "screen.js",
                    "search.js",
                    "settings.js",
                    "sign-in.js",
                    "sizes.js",
                    "styles.js",
                    "themes.js",
                    "touch.js",
                    "uploads.js",
                    LIBRARIES + "xterm/lib/xterm.mjs",
                    LIBRARIES + "addon-fit/lib/addon-fit.mjs",
                    LIBRARIES + "addon-search/lib/addon-search.mjs",
                    LIBRARIES + "addon-unicode-graphemes/lib/addon-unicode-graphemes.mjs",
                    LIBRARIES + "addon-web-links/lib/addon-web-links.mjs",
                    LIBRARIES + "addon-webgl/lib/addon-webgl.mjs");

    private static final List<String> OTHERS =
            List.of("terminal.css", "mark.svg", LIBRARIES + "xterm/css/xterm.css");

    private static final String BUILT_WITHOUT =
            """
            This edge was built without npm, so the terminal's libraries are not in it.
            Whoever runs it installs npm (Debian: apt-get install npm) and builds Culvert again.
            Until then: access ssh, or ssh through the gateway.
            """;

    private final WebAssets assets;
    private final String page;

    public TerminalPage() {
        this(
                WebAssets.read(
                        TerminalPage.class,
                        ASSETS,
                        Stream.of(SCRIPTS, OTHERS).flatMap(List::stream).toList()));
    }

    TerminalPage(WebAssets assets) {
        this.assets = assets;
        this.page = page(assets);
    }

    private static String page(WebAssets assets) {
        byte[] source =
                Objects.requireNonNull(WebAssets.resource(TerminalPage.class, "terminal.html"));
        String preloads =
                SCRIPTS.stream()
                        .map(name -> "  <link rel=\"modulepreload\" href=\"{assets}" + name + "\">")
                        .collect(Collectors.joining("\n"));
        return new String(source, StandardCharsets.UTF_8)
                .replace("{preloads}", preloads)
                .replace("{assets}", assets.folder());
    }

    /// Answers a request for the page or a file of it.
    ///
    /// @return whether it was one
    public boolean handle(HttpExchange exchange) throws IOException {
        String path = withoutQuery(exchange.path());
        boolean isPage = path.equals("/");
        if (!isPage && !path.startsWith(ASSETS)) {
            return false;
        }
        WebAsset asset = assets.at(path);
        if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            PageAnswer.text(exchange, 405, "this is only to be read\n");
        } else if (asset != null) {
            PageAnswer.asset(exchange, asset);
        } else if (!isPage) {
            PageAnswer.text(exchange, 404, "no such file: reload the page\n");
        } else if (assets.missing().isEmpty()) {
            show(exchange);
        } else {
            PageAnswer.text(exchange, 503, BUILT_WITHOUT);
        }
        return true;
    }

    private static String withoutQuery(String path) {
        int query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private void show(HttpExchange exchange) throws IOException {
        String nonce = PageAnswer.nonce();
        PageAnswer.html(exchange, page.replace("{nonce}", nonce), policy(nonce));
    }

    private static String policy(String nonce) {
        return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-"
                + nonce
                + "'; connect-src 'self'; img-src 'self'; font-src 'self'; form-action 'none';"
                + " base-uri 'none'; frame-ancestors 'none'";
    }
}
