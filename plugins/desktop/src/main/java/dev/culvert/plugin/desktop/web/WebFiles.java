package dev.culvert.plugin.desktop.web;

import dev.culvert.plugin.edge.web.WebAsset;
import dev.culvert.plugin.edge.web.WebAssets;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The pages' files, of which the largest has some megabytes: read when somebody first asks for one. Immutable.
final class WebFiles {
    private static final String GUACAMOLE = "libraries/guacamole-common-js/all.min.js";
    private static final String IRON =
            "libraries/npm/@devolutions/iron-remote-desktop-rdp/iron-remote-desktop-rdp";

    /// What is missing in a build without npm.
    static final List<String> BUILT_IN = List.of(IRON + ".js", IRON + ".wasm");

    /// Of every page: what all of them import.
    private static final List<String> SHARED =
            List.of("elements.js", "pointer.js", "scale.js", "sink.js");

    static final List<String> PAGE_SCRIPTS =
            with(
                    SHARED,
                    "main.js",
                    "about.js",
                    "bar.js",
                    "built-in.js",
                    "clipboard.js",
                    "files.js",
                    "guacd.js",
                    "keys.js",
                    "offers.js",
                    "over.js",
                    "questions.js",
                    "reasons.js",
                    "sessions.js",
                    "settings.js",
                    "sign-in.js",
                    "sizes.js",
                    "sound.js",
                    "transfers.js",
                    "tunnel.js");

    static final List<String> FRAME_SCRIPTS =
            List.of(
                    "frame.js",
                    "iron.js",
                    "pointer.js",
                    "scale.js",
                    "scancodes.js",
                    "sink.js",
                    IRON + ".js");

    static final List<String> VIEW_SCRIPTS = with(SHARED, "view.js", "guacd.js", "tunnel.js");

    private static final List<String> OTHERS =
            List.of("desktop.css", "mark.svg", GUACAMOLE, IRON + ".wasm");

    private final WebAssets assets;

    WebFiles(WebAssets assets) {
        this.assets = assets;
    }

    static WebFiles read() {
        List<String> all = new ArrayList<>(PAGE_SCRIPTS);
        all.addAll(FRAME_SCRIPTS);
        all.addAll(VIEW_SCRIPTS);
        all.addAll(OTHERS);
        return new WebFiles(
                WebAssets.read(
                        WebFiles.class, DesktopPage.ASSETS, all.stream().distinct().toList()));
    }

    private static List<String> with(List<String> some, String... others) {
        List<String> all = new ArrayList<>(some);
        all.addAll(List.of(others));
        return List.copyOf(all);
    }

    /// Whether the built-in engine is in this build.
    boolean hasBuiltIn() {
        return BUILT_IN.stream().allMatch(name -> assets.at(assets.folder() + name) != null);
    }

    @Nullable WebAsset at(String path) {
        return assets.at(path);
    }

    /// A page that names its files.
    ///
    /// @param prefix what stands in place of [DesktopPage#ASSETS] in its addresses
    /// @param scripts to load with it
    String page(String name, String prefix, List<String> scripts) {
        byte[] source = Objects.requireNonNull(WebAssets.resource(WebFiles.class, name), name);
        String folder = prefix + assets.folder().substring(DesktopPage.ASSETS.length());
        String preloads =
                scripts.stream()
                        .map(script -> "  <link rel=\"modulepreload\" href=\"{assets}" + script)
                        .collect(Collectors.joining("\">\n", "", "\">"));
        return new String(source, StandardCharsets.UTF_8)
                .replace("{preloads}", preloads)
                .replace("{guacamole}", "{assets}" + GUACAMOLE)
                .replace("{assets}", folder);
    }
}
