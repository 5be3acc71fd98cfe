package dev.culvert.edge.signin;

import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.identity.Secrets;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.pages.ContinuePage;
import dev.culvert.edge.pages.MessagePage;
import dev.culvert.edge.pages.Page;
import dev.culvert.edge.pages.Pages;
import dev.culvert.edge.pages.Viewer;
import dev.culvert.edge.web.ErrorJson;
import dev.culvert.edge.web.Form;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.policy.Identity;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One request to a page of the edge's own, with who asks. Confined to the thread that handles it.
public final class AuthExchange {
    private static final JsonMapper MAPPER = new JsonMapper();

    private final HttpExchange http;
    private final Visitor visitor;
    private final String requestId;
    private final @Nullable Session session;
    private final @Nullable String secret;
    private final String path;
    private final HeaderList extra = new HeaderList(4);
    private @Nullable Form form;

    /// @param session of the browser or command line, null when it has none
    /// @param secret what it showed to prove that, null likewise
    AuthExchange(
            HttpExchange http,
            Visitor visitor,
            String requestId,
            @Nullable Session session,
            @Nullable String secret) {
        this.http = http;
        this.visitor = visitor;
        this.requestId = requestId;
        this.session = session;
        this.secret = secret;
        this.path = http.path().split("\\?", 2)[0];
        extra.add("X-Request-Id", requestId);
    }

    public HttpExchange http() {
        return http;
    }

    public Visitor visitor() {
        return visitor;
    }

    public String requestId() {
        return requestId;
    }

    /// Null when nobody has signed in.
    public @Nullable Session session() {
        return session;
    }

    public String method() {
        return http.method();
    }

    public boolean isPost() {
        return http.method().equals("POST");
    }

    /// Without the query.
    public String path() {
        return path;
    }

    public Form query() {
        return Form.ofQuery(http.path());
    }

    /// The fields of the body, read once. Blocking.
    public Form form() throws IOException {
        Form read = form;
        if (read == null) {
            read = isPost() ? Form.ofBody(http) : Form.EMPTY;
            form = read;
        }
        return read;
    }

    public String userAgent() {
        String agent = http.requestHeaders().first("user-agent");
        return agent == null ? "" : agent;
    }

    /// What the forms of pages that need a session show in the field `csrf`.
    public String csrf() {
        return secret == null ? "" : Secrets.hash("csrf " + secret);
    }

    /// Whether a POST comes from a page of this host and shows the session's token, in the form or in
    /// `X-Csrf`. Blocking.
    boolean isOwnPost() throws IOException {
        return isFromOwnPage(http) && showsCsrf(csrf());
    }

    boolean showsCsrf(String expected) throws IOException {
        String header = http.requestHeaders().first("x-csrf");
        String shown = header != null ? header : form().text("csrf");
        return !expected.isEmpty() && Secrets.equal(expected, shown);
    }

    /// Whether a page of this host asks: for WebSockets, which browsers open to anywhere.
    public boolean isFromOwnPage() {
        return isFromOwnPage(http);
    }

    static boolean isFromOwnPage(HttpExchange http) {
        return ("https://" + http.authority()).equals(http.requestHeaders().first("origin"));
    }

    /// Who looks, for pages that need a session.
    ///
    /// @param admin whether it is an administrator
    public Viewer viewer(boolean admin) {
        Identity identity =
                Objects.requireNonNull(session, "only for who has signed in").identity();
        return new Viewer(
                identity.email(),
                identity.name(),
                admin,
                csrf(),
                identity.loginMethod().equals(Users.LOCAL));
    }

    /// Another host of this edge, on the port that this page has too.
    public String onThisPort(String host) {
        String authority = http.authority();
        return host + authority.substring(StreamRequest.host(authority).length());
    }

    /// Adds a header to the answer that is still to be given.
    public void answerWith(String name, String value) {
        extra.add(name, value);
    }

    public void show(int status, Page page) throws IOException {
        Pages.show(http, status, page, extra);
    }

    /// A page with a message.
    public void say(int status, String title, String text) throws IOException {
        show(status, new MessagePage(title, text, null, requestId));
    }

    /// Sends the browser on: 303 within this host, elsewhere by a page when it came by POST.
    public void redirect(String url) throws IOException {
        if (isPost()
                && !url.startsWith("/")
                && !url.startsWith("https://" + http.authority() + "/")) {
            show(200, new ContinuePage(url, String.valueOf(URI.create(url).getHost())));
            return;
        }
        HeaderList headers = plain();
        headers.set("Location", url);
        http.respond(isPost() ? 303 : 302, headers, new byte[0]);
    }

    public void json(int status, ObjectNode body) throws IOException {
        HeaderList headers = plain();
        headers.set("Content-Type", "application/json");
        http.respond(status, headers, body.toString().getBytes(StandardCharsets.UTF_8));
    }

    /// `{"error":{"code","message","next","id"}}`
    public void jsonError(int status, String code, String message, String next) throws IOException {
        json(status, ErrorJson.of(code, message, next, requestId));
    }

    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    private HeaderList plain() {
        HeaderList headers =
                HeaderList.of(
                        "Cache-Control",
                        "no-store",
                        "X-Content-Type-Options",
                        "nosniff",
                        "Referrer-Policy",
                        "no-referrer");
        extra.forEach(headers::add);
        return headers;
    }
}
