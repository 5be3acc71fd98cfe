package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import dev.culvert.edge.pages.LauncherPage;
import dev.culvert.edge.pages.Viewer;
import dev.culvert.policy.Application;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What a person may open: `/` as a page, `/cdn-cgi/access/apps` as JSON for command lines. Thread-safe.
final class Launcher {
    static final String APPS = "/cdn-cgi/access/apps";

    private final AppTokens appTokens;
    private final Predicate<Identity> isAdmin;

    Launcher(AppTokens appTokens, Predicate<Identity> isAdmin) {
        this.appTokens = appTokens;
        this.isAdmin = isAdmin;
    }

    static Viewer viewer(AuthExchange exchange, Predicate<Identity> isAdmin) {
        return exchange.viewer(isAdmin.test(session(exchange).identity()));
    }

    private static Session session(AuthExchange exchange) {
        return Objects.requireNonNull(exchange.session(), "only for who has signed in");
    }

    void page(AuthExchange exchange) throws IOException {
        List<LauncherPage.App> apps = new ArrayList<>();
        for (Application app : appTokens.listed(session(exchange), exchange.visitor())) {
            Application.Place place = app.places().getFirst();
            boolean browsable =
                    (app.kind() == Application.Kind.WEB || app.browser()) && !isWildcard(place);
            apps.add(
                    new LauncherPage.App(
                            app.name(),
                            app.kind(),
                            place.host(),
                            browsable ? url(exchange, place) : null,
                            app.isOnlyInBrowser()
                                    ? null
                                    : command(app.kind(), exchange.onThisPort(place.host()))));
        }
        exchange.show(200, new LauncherPage(viewer(exchange, isAdmin), apps, null));
    }

    private static boolean isWildcard(Application.Place place) {
        return place.host().startsWith("*.");
    }

    private static String url(AuthExchange exchange, Application.Place place) {
        return "https://" + exchange.onThisPort(place.host()) + place.path();
    }

    private static @Nullable String command(Application.Kind kind, String host) {
        return switch (kind) {
            case WEB -> null;
            case SSH -> "access ssh --hostname " + host;
            case RDP -> "access rdp --hostname " + host + " --url localhost:3389";
            case TELNET -> "access tcp --hostname " + host + " --url localhost:2323";
            case VNC -> "access tcp --hostname " + host + " --url localhost:5900";
            case TCP -> "access tcp --hostname " + host + " --url localhost:PORT";
        };
    }

    void json(AuthExchange exchange) throws IOException {
        ObjectNode json = AuthExchange.object();
        ArrayNode apps = json.putArray("applications");
        for (Application app : appTokens.listed(session(exchange), exchange.visitor())) {
            Application.Place place = app.places().getFirst();
            apps.addObject()
                    .put("name", app.name())
                    .put("kind", app.kind().name().toLowerCase(Locale.ROOT))
                    .put("hostname", exchange.onThisPort(place.host()))
                    .put("path", place.path())
                    .put("url", url(exchange, place));
        }
        exchange.json(200, json);
    }
}
