package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Somebody with a browser without scripts: curl and a cookie jar. Sees one page at a time and fills in its form. Used
/// by one thread.
final class Person {
    private static final Pattern FORM =
            Pattern.compile("<form[^>]* action=\"([^\"]*)\"", Pattern.DOTALL);
    private static final Pattern CSRF = Pattern.compile("name=\"csrf\" value=\"([^\"]*)\"");
    private static final Pattern REFRESH =
            Pattern.compile("http-equiv=\"refresh\" content=\"0;url=([^\"]*)\"");
    private static final String AT = "\n@ ";

    private final Edge edge;
    private final Path jar;
    private String page = "";
    private URI address = URI.create("about:blank");

    /// With a fresh browser.
    Person(Edge edge) throws Exception {
        this.edge = edge;
        this.jar = edge.programs.freshDirectory("browser").resolve("cookies");
    }

    /// Opens an address and follows it to a page.
    Person open(String url) throws Exception {
        return go(List.of(url));
    }

    /// Sends the page's first form.
    ///
    /// @param fields `name=value`
    Person send(String... fields) throws Exception {
        return sendTo(plain(found(FORM)), fields);
    }

    /// Sends a form of the page by where it leads.
    ///
    /// @param fields `name=value`
    Person sendTo(String path, String... fields) throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.add(address.resolve(path).toString());
        arguments.addAll(List.of("-H", "Origin: https://" + address.getRawAuthority()));
        arguments.addAll(List.of("--data-urlencode", "csrf=" + found(CSRF)));
        for (String field : fields) {
            arguments.addAll(List.of("--data-urlencode", field));
        }
        return go(arguments);
    }

    private Person go(List<String> arguments) throws Exception {
        Command curl =
                edge.curl("-L", "-b", jar, "-c", jar, "-H", "Accept: text/html")
                        .and("-w", AT + "%{url_effective}")
                        .and(arguments.toArray());
        String output = edge.programs.run(curl).output();
        int end = output.lastIndexOf(AT);
        page = output.substring(0, end);
        address = URI.create(output.substring(end + AT.length()));
        Matcher refresh = REFRESH.matcher(page);
        return refresh.find() ? open(address.resolve(plain(refresh.group(1))).toString()) : this;
    }

    /// The page that is shown.
    String sees() {
        return page;
    }

    /// Values of the browser's cookies.
    List<String> cookies() throws IOException {
        return Files.readAllLines(jar).stream()
                .filter(line -> line.contains("\t"))
                .map(line -> line.substring(line.lastIndexOf('\t') + 1))
                .toList();
    }

    private static String plain(String attribute) {
        return attribute.replace("&amp;", "&");
    }

    private String found(Pattern pattern) {
        Matcher found = pattern.matcher(page);
        assertThat(found.find()).as(() -> pattern + " in\n" + page).isTrue();
        return found.group(1);
    }
}
