package dev.culvert.edge.pages;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The style sheet, scripts and pictures of the pages, at [Paths#ASSETS] of every host that shows one.
/// The name of each bears a hash of its bytes, so that browsers may keep it for good. Thread-safe.
public final class Assets implements HttpHandler {
    private static final List<String> NAMES =
            List.of(
                    "culvert.css",
                    "page.js",
                    "live.js",
                    "charts.js",
                    "passkeys.js",
                    "recording.js",
                    "desktop-recording.js",
                    "mark.svg");

    /// Of npm, by the file: the build goes on without them.
    private static final Map<String, String> LIBRARIES =
            Map.of(
                    "player.js",
                    "libraries/asciinema-player/dist/bundle/asciinema-player.min.js",
                    "player.css",
                    "libraries/asciinema-player/dist/bundle/asciinema-player.css");

    /// Of Maven, so that it is always there.
    private static final Map<String, String> GUACAMOLE =
            Map.of("guacamole.js", "guacamole-common-js/all.min.js");

    private static final Map<String, Asset> BY_NAME = read();

    /// @param file its name with the hash
    record Asset(String file, String type, String hash, byte[] bytes) {
        String url() {
            return Paths.ASSETS + file;
        }
    }

    /// Where a page finds an asset.
    ///
    /// @param name without hash, such as `culvert.css`
    public static String url(String name) {
        Asset asset = BY_NAME.get(name);
        if (asset == null) {
            throw new IllegalArgumentException(
                    "asset " + name + " (expected: one of " + NAMES + ")");
        }
        return asset.url();
    }

    /// Whether this edge was built with the player of recordings.
    public static boolean hasPlayer() {
        return BY_NAME.keySet().containsAll(LIBRARIES.keySet());
    }

    static boolean isLibrary(Asset asset) {
        return asset.file().startsWith("player-") || asset.file().startsWith("guacamole-");
    }

    static Collection<Asset> all() {
        return BY_NAME.values();
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        Asset asset = at(exchange.path());
        if (asset == null) {
            refuse(exchange, 404, "no such asset: reload the page\n");
        } else if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
            refuse(exchange, 405, "an asset is only to be read\n");
        } else {
            give(exchange, asset);
        }
    }

    private static @Nullable Asset at(String path) {
        int query = path.indexOf('?');
        String url = query < 0 ? path : path.substring(0, query);
        return BY_NAME.values().stream().filter(a -> a.url().equals(url)).findAny().orElse(null);
    }

    private static void give(HttpExchange exchange, Asset asset) throws IOException {
        HeaderList headers =
                HeaderList.of(
                        "Cache-Control", "public, max-age=31536000, immutable",
                        "ETag", tag(asset),
                        "X-Content-Type-Options", "nosniff",
                        "Cross-Origin-Resource-Policy", "same-origin");
        if (exchange.requestHeaders().hasToken("If-None-Match", tag(asset))) {
            exchange.respond(304, headers).close();
            return;
        }
        headers.add("Content-Type", asset.type());
        exchange.respond(200, headers, asset.bytes());
    }

    private static String tag(Asset asset) {
        return '"' + asset.hash() + '"';
    }

    private static void refuse(HttpExchange exchange, int status, String text) throws IOException {
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

    private static Map<String, Asset> read() {
        Map<String, Asset> assets = new LinkedHashMap<>();
        for (String name : NAMES) {
            assets.put(name, read(name, name));
        }
        GUACAMOLE.forEach((name, file) -> assets.put(name, read(name, file)));
        LIBRARIES.forEach((name, file) -> {
            if (Assets.class.getResource("assets/" + file) != null) {
                assets.put(name, read(name, file));
            }
        });
        return assets;
    }

    private static Asset read(String name, String path) {
        try (InputStream in = Assets.class.getResourceAsStream("assets/" + path)) {
            if (in == null) {
                throw new IllegalStateException("asset " + name + " is not in the program");
            }
            byte[] bytes = in.readAllBytes();
            String hash = hash(bytes);
            int dot = name.lastIndexOf('.');
            String file = name.substring(0, dot) + '-' + hash + name.substring(dot);
            return new Asset(file, type(name.substring(dot)), hash, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String ending) {
        return switch (ending) {
            case ".css" -> "text/css; charset=utf-8";
            case ".js" -> "text/javascript; charset=utf-8";
            case ".svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("asset ending " + ending);
        };
    }

    /// 64 bits of SHA-256.
    private static String hash(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
