package dev.culvert.edge.signin;

import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.pages.Paths;
import dev.culvert.protocols.stream.HeaderList;
import java.net.InetAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A browser as far as signing in needs one: keeps cookies, follows redirects within the host, fills in the
/// forms of the page it shows, and runs what `passkeys.js` does.
public final class MemoryBrowser {
    public static final String ORIGIN = "https://" + Accounts.AUTHORITY;
    private static final int MAX_REDIRECTS = 5;
    private static final JsonMapper JSON = new JsonMapper();

    private final LocalSite site;
    final Map<String, String> cookies = new LinkedHashMap<>();
    String address = "192.0.2.7";

    /// Done while the body of each POST is held back.
    MemoryExchange.Meanwhile meanwhile = () -> {};

    String path = "/";
    public int status;
    public HeaderList headers = HeaderList.of();
    public Document page = new Document("");

    MemoryBrowser(LocalSite site) {
        this.site = site;
    }

    public MemoryBrowser open(String url) throws Exception {
        return follow(send("GET", url, "", ""));
    }

    /// Fills in the form of the page that leads to a path ending so, and sends it.
    ///
    /// @param namesAndValues in turn; its other fields keep what the page put in
    public MemoryBrowser submit(String action, String... namesAndValues) throws Exception {
        Element form =
                page.select("form").stream()
                        .filter(f -> f.attr("action").endsWith(action))
                        .findFirst()
                        .orElseThrow(() -> new AssertionError("no form " + action + ": " + page));
        Map<String, String> fields = new LinkedHashMap<>();
        for (Element input : form.select("input[name]")) {
            fields.put(input.attr("name"), input.attr("value"));
        }
        for (Element area : form.select("textarea[name]")) {
            fields.put(area.attr("name"), area.wholeText());
        }
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return post(form.attr("action"), fields);
    }

    public MemoryBrowser post(String url, Map<String, String> fields) throws Exception {
        String body =
                fields.entrySet().stream()
                        .map(field -> encoded(field.getKey()) + "=" + encoded(field.getValue()))
                        .collect(Collectors.joining("&"));
        return follow(send("POST", url, "application/x-www-form-urlencoded", body));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// What a script of the page asks; the page stays.
    JsonNode script(String url, String json) throws Exception {
        MemoryExchange exchange = send("POST", url, "application/json", json);
        status = exchange.status;
        return JSON.readTree(exchange.answer.toByteArray());
    }

    /// What a script of the page fetches, or a file.
    public String fetch(String url) throws Exception {
        MemoryExchange exchange = send("GET", url, "", "");
        status = exchange.status;
        headers = exchange.headers;
        return exchange.answer.toString(StandardCharsets.UTF_8);
    }

    /// A WebSocket that a script opens, answered when it is over.
    ///
    /// @param origin of the script's page
    public OpenSocket socket(String url, String origin) {
        OpenSocket socket = new OpenSocket(url);
        socket.request.add("Origin", origin);
        socket.request.add("Cookie", cookie());
        socket.begin(() -> site.answer(socket, visitor()));
        return socket;
    }

    private String cookie() {
        return cookies.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }

    private Visitor visitor() {
        return Visitor.of(address, InetAddress.ofLiteral(address));
    }

    private MemoryExchange send(String method, String url, String type, String body)
            throws Exception {
        path = url.startsWith(ORIGIN) ? url.substring(ORIGIN.length()) : url;
        MemoryExchange exchange =
                new MemoryExchange(method, path, body.getBytes(StandardCharsets.UTF_8));
        exchange.request.add("Accept", "text/html");
        if (method.equals("POST")) {
            exchange.meanwhile = meanwhile;
            exchange.request.add("Origin", ORIGIN);
            exchange.request.add("Content-Type", type);
        }
        if (type.equals("application/json")) {
            exchange.request.add("X-Csrf", csrf());
        }
        if (!cookies.isEmpty()) {
            exchange.request.add("Cookie", cookie());
        }
        site.answer(exchange, visitor());
        exchange.headers.all("Set-Cookie").forEach(this::keep);
        return exchange;
    }

    private void keep(String setCookie) {
        String pair = setCookie.split(";", 2)[0];
        int equals = pair.indexOf('=');
        if (setCookie.contains("Max-Age=0;")) {
            cookies.remove(pair.substring(0, equals));
        } else {
            cookies.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
    }

    private MemoryBrowser follow(MemoryExchange first) throws Exception {
        MemoryExchange exchange = first;
        for (int i = 0; exchange.headers.contains("Location"); i++) {
            if (i == MAX_REDIRECTS) {
                throw new AssertionError("redirected for ever: " + path);
            }
            exchange =
                    send("GET", Objects.requireNonNull(exchange.headers.first("Location")), "", "");
        }
        status = exchange.status;
        headers = exchange.headers;
        page = Jsoup.parse(exchange.answer.toString(StandardCharsets.UTF_8), ORIGIN);
        Element refresh = page.selectFirst("meta[http-equiv=refresh]");
        return refresh == null
                ? this
                : follow(send("GET", refresh.attr("content").replaceFirst("^0;url=", ""), "", ""));
    }

    /// Of the page's forms and scripts.
    public String csrf() {
        Element field = page.selectFirst("input[name=csrf]");
        Element data = page.selectFirst("[data-csrf]");
        return field != null
                ? field.attr("value")
                : Objects.requireNonNull(data, () -> "no csrf: " + page).attr("data-csrf");
    }

    /// Heading of the page.
    public String title() {
        return Objects.requireNonNull(page.selectFirst("h1"), () -> "no page: " + page).text();
    }

    /// What the page says went wrong or well.
    public String notice() {
        return page.select("p.notice").not("[hidden]").text();
    }

    public MemoryBrowser signIn(String email, String password) throws Exception {
        return open(Paths.SIGN_IN).submit("/local", "email", email, "password", password);
    }

    boolean isSignedIn() {
        return cookies.containsKey(SignIn.SESSION_COOKIE);
    }
}
