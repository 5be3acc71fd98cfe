package dev.culvert.plugin.ssh.edge.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.web.WebAssets;
import dev.culvert.plugin.testkit.edge.TestRequest;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// What Chromium makes of it is tested by `TerminalIT`.
final class TerminalPageTest {
    private static final Pattern LINKED = Pattern.compile("(?:href|src)=\"([^\"]+)\"");
    private static final Pattern SCRIPT = Pattern.compile("<script[^>]*src=\"([^\"]+)\"");
    private static final Pattern PRELOADED = Pattern.compile("\"modulepreload\" href=\"([^\"]+)\"");
    private static final Pattern IMPORTED =
            Pattern.compile("^import [^;]*\"(\\.[^\"]+)\";$", Pattern.MULTILINE);
    private static final Pattern PART = Pattern.compile("\\bpart\\(\"([a-z-]+)\"\\)");
    private static final Pattern ID = Pattern.compile(" id=\"([^\"]+)\"");
    private static final Pattern NONCE = Pattern.compile("nonce[=-]\"?([\\w-]{24})");

    private final TerminalPage page = new TerminalPage();

    private static TestRequest ask(TerminalPage page, String method, String path, String... headers)
            throws Exception {
        TestRequest request = new TestRequest(method, path, InputStream.nullInputStream(), headers);
        page.handle(request);
        return request;
    }

    private TestRequest get(String path, String... headers) throws Exception {
        return ask(page, "GET", path, headers);
    }

    private static Set<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /// Every script the page comes to load, by its address.
    private Map<String, String> scripts() throws Exception {
        Map<String, String> scripts = new LinkedHashMap<>();
        Deque<String> open = new ArrayDeque<>(found(SCRIPT, get("/").text()));
        while (!open.isEmpty()) {
            String url = open.pop();
            if (!scripts.containsKey(url)) {
                TestRequest script = get(url);
                assertThat(script.status).as(url).isEqualTo(200);
                scripts.put(url, script.text());
                found(IMPORTED, script.text())
                        .forEach(name -> open.add(URI.create(url).resolve(name).toString()));
            }
        }
        return scripts;
    }

    @Test
    void allowsItsOwnFilesAndStylesWithItsNonceOnly() throws Exception {
        TestRequest shown = get("/?x=1");

        assertThat(shown.status).isEqualTo(200);
        assertThat(shown.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(shown.header("Cache-Control")).isEqualTo("no-store");
        assertThat(shown.header("Content-Security-Policy"))
                .matches(
                        "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-[\\w-]{24}';"
                                + " connect-src 'self'; img-src 'self'; font-src 'self'; form-action 'none';"
                                + " base-uri 'none'; frame-ancestors 'none'");
        assertThat(shown.text()).doesNotContain("{", "<style", " style=", " onclick=");
    }

    @Test
    void eachAnswerHasANonceOfItsOwn() throws Exception {
        TestRequest one = get("/");
        TestRequest other = get("/");

        assertThat(found(NONCE, one.text()))
                .hasSize(1)
                .isEqualTo(found(NONCE, one.header("Content-Security-Policy")))
                .doesNotContainAnyElementsOf(found(NONCE, other.text()));
    }

    @Test
    void everyFileItNamesIsThereForGood() throws Exception {
        for (String url : found(LINKED, get("/").text())) {
            TestRequest file = get(url);

            assertThat(file.status).as(url).isEqualTo(200);
            assertThat(file.header("Cache-Control")).contains("immutable");
            assertThat(file.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(file.header("Content-Type"))
                    .matches("(text/javascript|text/css); charset=utf-8|image/svg\\+xml");
        }
    }

    @Test
    void preloadsTheScriptsThatAreImported() throws Exception {
        assertThat(found(PRELOADED, get("/").text())).isEqualTo(new TreeSet<>(scripts().keySet()));
    }

    @Test
    void thePartsThatScriptsUseAreOnThePage() throws Exception {
        Set<String> ids = found(ID, get("/").text());
        Set<String> used = new TreeSet<>();
        scripts().values().forEach(script -> used.addAll(found(PART, script)));

        assertThat(used).isNotEmpty().isSubsetOf(ids);
    }

    @Test
    void filesAreZippedForWhoTakesThat() throws Exception {
        String url = found(SCRIPT, get("/").text()).iterator().next();

        TestRequest zipped = get(url, "Accept-Encoding", "br, gzip");

        assertThat(zipped.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(zipped.header("Vary")).isEqualTo("Accept-Encoding");
        assertThat(new GZIPInputStream(new ByteArrayInputStream(zipped.bytes())).readAllBytes())
                .isEqualTo(get(url).bytes());
    }

    @Test
    void isOnlyRead() throws Exception {
        TestRequest posted = ask(page, "POST", "/");

        assertThat(posted.status).isEqualTo(405);
        assertThat(posted.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(ask(page, "HEAD", "/").bytes()).isEmpty();
    }

    @Test
    void aBuildWithoutNpmSaysSoInItsPlace() throws Exception {
        WebAssets built =
                WebAssets.read(
                        TerminalPage.class,
                        TerminalPage.ASSETS,
                        List.of("main.js", "libraries/x.js"));

        TestRequest shown = ask(new TerminalPage(built), "GET", "/");

        assertThat(shown.status).isEqualTo(503);
        assertThat(shown.text()).contains("apt-get install npm", "access ssh");
    }

    @Test
    void hasNoOtherFiles() throws Exception {
        String script = found(SCRIPT, get("/").text()).iterator().next();
        String folder = script.substring(0, script.lastIndexOf('/') + 1);

        for (String name : new String[] {"terminal.html", "../TerminalPage.class", "", "x.js"}) {
            assertThat(get(folder + name).status).as(name).isEqualTo(404);
        }
        assertThat(get(TerminalPage.ASSETS + "0000000000000000/main.js").status).isEqualTo(404);
        assertThat(get("/else").status).as("not answered").isZero();
    }
}
