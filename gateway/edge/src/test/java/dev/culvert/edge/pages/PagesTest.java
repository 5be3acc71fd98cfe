package dev.culvert.edge.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class PagesTest {
    private static final String MARKUP =
            "</title></textarea><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;${7*7}";

    static Stream<Page> samples() {
        return SamplePages.all().values().stream();
    }

    @Test
    void everyPageHasASample() {
        Set<Class<?>> shown = samples().map(Object::getClass).collect(Collectors.toSet());

        assertThat(shown).containsExactlyInAnyOrder(Page.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isWellFormedAndKeepsToThePolicy(Page page) {
        Document document = parsed(page);

        assertKeepsToThePolicy(document);
        assertThat(document.selectFirst("html").attr("lang")).isEqualTo("en");
        assertThat(document.title()).endsWith("· Culvert");
        assertThat(document.select("h1")).hasSize(1);
        assertThat(document.select("main#main")).hasSize(1);
        assertThat(document.select("body > a.skip[href=#main]")).hasSize(1);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyFieldHasALabelAndEveryReferenceItsElement(Page page) {
        Document document = parsed(page);

        List<String> ids = document.select("[id]").eachAttr("id");
        assertThat(ids).doesNotHaveDuplicates();
        Set<String> known = new HashSet<>(ids);
        assertThat(known).containsAll(document.select("label[for]").eachAttr("for"));
        for (String name : List.of("aria-describedby", "aria-labelledby")) {
            for (String references : document.select("[" + name + "]").eachAttr(name)) {
                assertThat(known).containsAll(List.of(references.split(" ")));
            }
        }
        Set<String> labelled = new HashSet<>(document.select("label[for]").eachAttr("for"));
        for (Element field :
                document.select("input:not([type=hidden]):not([aria-hidden]), select, textarea")) {
            assertThat(labelled).as(field.outerHtml()).contains(field.id());
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyPostedFormBearsTheToken(Page page) {
        for (Element form : parsed(page).select("form[method=post]")) {
            assertThat(form.select("input[type=hidden][name=csrf][value=c5rf]"))
                    .as(form.outerHtml())
                    .hasSize(1);
        }
    }

    /// One page alone runs a program that is not a script.
    @ParameterizedTest
    @MethodSource("samples")
    void onlyThePlayersPageCompilesWebAssembly(Page page) throws Exception {
        PageExchange exchange = new PageExchange("GET", "/");

        Pages.show(exchange, 200, page);

        String more = page instanceof AdminRecordingPage ? " 'wasm-unsafe-eval'" : "";
        assertThat(exchange.headers.all("Content-Security-Policy"))
                .containsExactly(
                        "default-src 'none'; style-src 'self'; script-src 'self'"
                                + more
                                + "; img-src 'self' data:; connect-src 'self'; form-action 'self';"
                                + " frame-ancestors 'none'; base-uri 'none'");
    }

    @Test
    void markupInTextsStaysText() {
        FilledPages.with(MARKUP)
                .forEach(page -> {
                    Document document = parsed(page);
                    assertKeepsToThePolicy(document);
                    assertThat(document.body().wholeText() + values(document))
                            .as(page.getClass().getSimpleName())
                            .contains(MARKUP);
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\u202Eמשתמש شخص", "\uD83D\uDE00 \u0000\u0007"})
    void odderTextsDoNoHarm(String text) {
        FilledPages.with(text)
                .forEach(page ->
                        assertKeepsToThePolicy(
                                Jsoup.parse(html(page), "https://auth.example.com/")));
    }

    @Test
    void longTextsAreShownWhole() {
        String text = "x".repeat(500);

        FilledPages.with(text).forEach(page -> assertThat(html(page)).contains(text));
    }

    @Test
    void leadsOnToWebAddressesOnly() {
        assertThatThrownBy(() -> new ContinuePage("javascript:alert(1)", "example.com"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aContactThatIsNoMailAddressIsNoLink() {
        assertThat(denied("it@example.com").select("a[href^=mailto:]")).hasSize(1);
        assertThat(denied("it@example.com?cc=all@example.com").select("a[href^=mailto:]"))
                .isEmpty();
        assertThat(denied("the desk on floor 3").select("a[href^=mailto:]")).isEmpty();
    }

    private static Document denied(String contact) {
        return parsed(new DeniedPage("a.example.com", null, "No.", contact, "1", null, null));
    }

    /// What a template could do that the browser would refuse, or should.
    private static void assertKeepsToThePolicy(Document document) {
        assertThat(document.select("style, [style], iframe, object, embed, base, img")).isEmpty();
        for (Element script : document.select("script")) {
            assertThat(script.attr("src")).startsWith(Paths.ASSETS);
            assertThat(script.data()).isEmpty();
        }
        for (Element element : document.getAllElements()) {
            for (Attribute attribute : element.attributes()) {
                assertThat(attribute.getKey()).doesNotStartWith("on");
            }
        }
    }

    private static String values(Document document) {
        StringBuilder all = new StringBuilder(document.title());
        for (Element element : document.getAllElements()) {
            element.attributes()
                    .forEach(attribute -> all.append('\n').append(attribute.getValue()));
        }
        return all.toString();
    }

    private static Document parsed(Page page) {
        Parser parser = Parser.htmlParser().setTrackErrors(20);
        Document document = Jsoup.parse(html(page), "https://auth.example.com/", parser);
        assertThat(parser.getErrors()).as(page.getClass().getSimpleName()).isEmpty();
        return document;
    }

    private static String html(Page page) {
        return new String(Pages.render(page), StandardCharsets.UTF_8);
    }
}
