package dev.culvert.plugin.desktop.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.web.WebAssets;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Chromium makes of it is tested by `DesktopIT`.
final class DesktopPageTest {
    private static final String VIEW = "view";
    private static final Pattern LINKED = Pattern.compile("(?:href|src)=\"([^\"#:]+)\"");
    private static final Pattern SCRIPT =
            Pattern.compile("<script type=\"module\" src=\"([^\"]+)\"");
    private static final Pattern PRELOADED = Pattern.compile("\"modulepreload\" href=\"([^\"]+)\"");
    private static final Pattern IMPORTED =
            Pattern.compile(
                    "\\bimport (?:[^;(]*\\bfrom )?\"(\\.[^\"]+)\";|\\bimport\\(\"(\\.[^\"]+)\"\\)");
    private static final Pattern PART = Pattern.compile("\\bpart\\(\"([a-z-]+)\"\\)");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");
    private static final String GUACAMOLE_SHA256 =
            "cc89f710ecc544477dbe6bfea453fab752dafa1b1ab9770f523676e7b744b44a";

    private static final DesktopPage page = new DesktopPage();
    private static final ViewPage viewPage = page.viewPage();

    private static Asked ask(String method, String path, String... headers) throws Exception {
        Asked asked = new Asked(method, path, headers);
        if (path.startsWith(VIEW)) {
            viewPage.handle(path.substring(VIEW.length() + 1), asked, false);
        } else {
            page.handle(asked);
        }
        return asked;
    }

    private static Asked get(String path, String... headers) throws Exception {
        return ask("GET", path, headers);
    }

    /// As a browser resolves it.
    private static String absolute(String base, String reference) {
        return base.equals(VIEW + "/") && !reference.startsWith("/")
                ? base + reference
                : URI.create(base).resolve(reference).toString();
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1) == null ? match.group(2) : match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> linked(Pattern pattern, String of) throws Exception {
        return found(pattern, get(of).text()).stream()
                .map(reference -> absolute(of, reference))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Every script that a page comes to load, by its address.
    private static Map<String, String> scripts(String of) throws Exception {
        Map<String, String> scripts = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(linked(SCRIPT, of));
        while (!open.isEmpty()) {
            String url = open.pop();
            if (!scripts.containsKey(url)) {
                Asked script = get(url);
                assertThat(script.status).as(url).isEqualTo(200);
                scripts.put(url, script.text());
                found(IMPORTED, script.text())
                        .forEach(name -> open.add(URI.create(url).resolve(name).toString()));
            }
        }
        return scripts;
    }

    @Test
    void thePageAllowsItsOwnFilesAndFrameOnly() throws Exception {
        Asked shown = get("/?x=1");

        assertThat(shown.status).isEqualTo(200);
        assertThat(shown.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
        assertThat(shown.header("Content-Security-Policy"))
                .isEqualTo(
                        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
                                + " img-src 'self' data: blob:; font-src 'self'; frame-src 'self';"
                                + " form-action 'none'; base-uri 'none'; frame-ancestors 'none'");
    }

    @Test
    void webAssemblyRunsInTheFrameOnlyAndTheFrameInThePageOnly() throws Exception {
        assertThat(get(DesktopPage.FRAME).header("Content-Security-Policy"))
                .isEqualTo(
                        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';"
                                + " connect-src 'self'; img-src data:; form-action 'none';"
                                + " base-uri 'none'; frame-ancestors 'self'");
        assertThat(get(VIEW + "/").header("Content-Security-Policy"))
                .doesNotContain("wasm", "frame-src")
                .contains("frame-ancestors 'none'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", DesktopPage.FRAME, VIEW + "/"})
    void hasNothingInline(String of) throws Exception {
        assertThat(get(of).text())
                .doesNotContain("{", "<style", " style=")
                .doesNotContainPattern(" on[a-z]+=")
                .doesNotContainPattern("<script(?![^>]* src=)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", DesktopPage.FRAME, VIEW + "/"})
    void everyFileItNamesIsThereForGood(String of) throws Exception {
        Set<String> files = linked(LINKED, of);
        files.removeIf(url -> url.contains("..")); // A page of the admin area.

        assertThat(files).isNotEmpty();
        for (String url : files) {
            Asked file = get(url);

            assertThat(file.status).as(url).isEqualTo(200);
            assertThat(file.header("Cache-Control")).contains("immutable");
            assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(file.header("Content-Type"))
                    .matches("(text/javascript|text/css); charset=utf-8|image/svg\\+xml");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", DesktopPage.FRAME, VIEW + "/"})
    void preloadsTheScriptsThatAreImported(String of) throws Exception {
        assertThat(linked(PRELOADED, of)).isEqualTo(new TreeSet<>(scripts(of).keySet()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/", VIEW + "/"})
    void thePartsThatScriptsUseAreOnThePage(String of) throws Exception {
        Set<String> used = new TreeSet<>();
        scripts(of)
                .forEach((url, script) -> {
                    // What is for another page is used by nothing here.
                    if (!url.endsWith("/elements.js")) {
                        used.addAll(found(PART, script));
                    }
                });

        assertThat(used).isNotEmpty().isSubsetOf(found(ID, get(of).text()));
    }

    @Test
    void theWebAssemblyIsAFileOfItsOwnZippedForWhoTakesThat() throws Exception {
        String script =
                linked(PRELOADED, DesktopPage.FRAME).stream()
                        .filter(url -> url.endsWith("-rdp.js"))
                        .findFirst()
                        .orElseThrow();
        String wasm = script.replaceAll("\\.js$", ".wasm");

        Asked zipped = get(wasm, "Accept-Encoding", "br, gzip");

        assertThat(get(script).text())
                .contains("new URL(\"iron-remote-desktop-rdp.wasm\", import.meta.url)")
                .doesNotContain("data:application/wasm");
        assertThat(zipped.header("Content-Type")).isEqualTo("application/wasm");
        assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(zipped.header("Cache-Control")).contains("immutable");
        assertThat(zipped.answer.size()).isLessThan(2_000_000);
        assertThat(
                        new GZIPInputStream(new ByteArrayInputStream(zipped.answer.toByteArray()))
                                .readAllBytes())
                .isEqualTo(get(wasm).answer.toByteArray());
    }

    @Test
    void guacamolesLibraryIsTheOneThatWasLookedAt() throws Exception {
        byte[] library =
                WebAssets.resource(DesktopPage.class, "libraries/guacamole-common-js/all.min.js");

        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(library)))
                .isEqualTo(GUACAMOLE_SHA256);
    }

    @Test
    void licencesOfLibrariesAreShipped() {
        for (String name : List.of("README.txt", "Apache-2.0.txt", "IronRDP-MIT.txt")) {
            assertThat(WebAssets.resource(DesktopPage.class, "licences/" + name))
                    .as(name)
                    .isNotEmpty();
        }
    }

    @Test
    void isOnlyRead() throws Exception {
        Asked posted = ask("POST", "/");

        assertThat(posted.status).isEqualTo(405);
        assertThat(posted.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(ask("HEAD", "/").answer.size()).isZero();
        assertThat(ask("POST", VIEW + "/").status).isEqualTo(405);
    }

    @Test
    void aBuildWithoutNpmShowsThePageAndSaysWhatItsFrameMisses() throws Exception {
        List<String> names = List.of("main.js", "frame.js");
        WebFiles built = new WebFiles(WebAssets.read(DesktopPage.class, DesktopPage.ASSETS, names));
        DesktopPage without = new DesktopPage(new Pages(() -> built));

        assertThat(page.hasBuiltIn()).isTrue();
        assertThat(built.hasBuiltIn()).isFalse();
        assertThat(without.hasBuiltIn()).isFalse();

        Asked shown = new Asked("GET", "/");
        Asked frame = new Asked("GET", DesktopPage.FRAME);
        without.handle(shown);
        without.handle(frame);

        assertThat(shown.status).isEqualTo(200);
        assertThat(frame.status).isEqualTo(503);
        assertThat(frame.text()).contains("built without npm");
    }

    @Test
    void whoWatchesIsOfferedKeyboardAndMouseWhenTheyMay() throws Exception {
        Asked controlling = new Asked("GET", "ignored");
        viewPage.handle("", controlling, true);

        assertThat(controlling.text()).contains("data-control=\"yes\"");
        assertThat(get(VIEW + "/").text()).contains("data-control=\"no\"");
    }

    @Test
    void hasNoOtherFiles() throws Exception {
        String script = linked(SCRIPT, "/").iterator().next();
        String folder = script.substring(0, script.lastIndexOf('/') + 1);

        for (String name :
                List.of(
                        "desktop.html",
                        "../DesktopPage.class",
                        "",
                        "x.js",
                        "licences/README.txt")) {
            assertThat(get(folder + name).status).as(name).isEqualTo(404);
        }
        assertThat(get(DesktopPage.ASSETS + "0000000000000000/main.js").status).isEqualTo(404);
        assertThat(get("/else").status).as("not answered").isZero();
        assertThat(get(VIEW + "/socket").status).as("not answered").isZero();
    }
}
