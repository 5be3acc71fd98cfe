package dev.culvert.access.ports;

import dev.culvert.access.Problem;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What an auth host answers to `GET /cdn-cgi/access/apps`:
/// `{"applications":[{"name","kind","hostname","path","url"}]}`. Immutable.
final class AppList {
    /// More than anybody chooses from.
    static final int MOST = 10_000;

    private AppList() {}

    /// @throws Problem when it is something else
    static List<App> read(String json) throws Problem {
        try {
            JsonNode all = JsonMapper.shared().readTree(json).path("applications");
            List<App> apps = new ArrayList<>();
            for (JsonNode each : all) {
                String hostname = each.path("hostname").asString("");
                if (!hostname.isBlank() && apps.size() < MOST) {
                    apps.add(app(each, hostname));
                }
            }
            if (all.isArray()) {
                return List.copyOf(apps);
            }
        } catch (JacksonException e) {
            // Told below: what was answered may be a page of somebody else's.
        }
        throw Problem.failed(
                "the auth host did not answer a list of applications",
                "check that it is a Culvert edge of this version");
    }

    private static App app(JsonNode json, String hostname) {
        String path = json.path("path").asString("/");
        String plain = path.startsWith("/") ? path : "/" + path;
        String own = "https://" + hostname + plain;
        String url = json.path("url").asString(own);
        return new App(
                json.path("name").asString(hostname),
                App.Kind.of(json.path("kind").asString("")),
                hostname,
                plain,
                // A browser opens it: nothing but a page of the web may be in it.
                url.startsWith("https://") ? url : own);
    }
}
