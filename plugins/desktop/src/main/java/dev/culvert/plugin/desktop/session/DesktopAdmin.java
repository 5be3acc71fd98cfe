package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Logins that are stored, for the edge's owner:
///
/// | request | answer |
/// |---|---|
/// | `GET logins` | `{"logins":[{"application","user","domain"}]}` |
/// | `POST logins` with `{"application","user","domain","password"}` | `{"stored":true}` |
/// | `DELETE logins/APPLICATION` (percent-encoded) | `{"removed":true}` |
///
/// Thread-safe. Blocking.
public final class DesktopAdmin {
    private static final String PATH = "logins";
    private static final JsonMapper JSON = new JsonMapper();

    private final EdgeServices services;
    private final Logins logins;

    public DesktopAdmin(EdgeServices services, Logins logins) {
        this.services = services;
        this.logins = logins;
    }

    /// @return a JSON object
    public String answer(String method, String path, String body) throws IOException {
        if (method.equals("GET") && path.equals(PATH)) {
            return list();
        }
        if (method.equals("POST") && path.equals(PATH)) {
            return store(JSON.readTree(body));
        }
        if (method.equals("DELETE") && path.startsWith(PATH + "/")) {
            return remove(
                    URLDecoder.decode(path.substring(PATH.length() + 1), StandardCharsets.UTF_8));
        }
        throw new RefusedException(
                "unknown_path",
                "There is no " + method + " " + path + ".",
                "See the table in docs/admin-api.md.");
    }

    private String list() throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode all = answer.putArray("logins");
        for (Logins.Listed login : logins.all()) {
            all.addObject()
                    .put("application", login.application())
                    .put("user", login.user())
                    .put("domain", login.domain());
        }
        return answer.toString();
    }

    private String store(JsonNode body) throws IOException {
        String application = text(body, "application", Login.MAX_USER);
        if (application.isEmpty()) {
            throw new RefusedException(
                    "invalid", "application: is empty.", "Name an application of the rules.");
        }
        logins.put(
                application,
                text(body, "user", Login.MAX_USER),
                text(body, "domain", Login.MAX_USER),
                text(body, "password", Login.MAX_PASSWORD));
        note(application, "stored");
        return JSON.createObjectNode().put("stored", true).toString();
    }

    private static String text(JsonNode body, String field, int most) throws RefusedException {
        String text = body.path(field).asString("");
        if (text.length() > most || !text.equals(OneLine.marked(text, most))) {
            throw new RefusedException(
                    "invalid",
                    field + ": is longer than " + most + " characters or has control characters.",
                    "Give another.");
        }
        return text;
    }

    private String remove(String application) throws IOException {
        if (!logins.remove(application)) {
            throw new RefusedException(
                    "unknown_application",
                    "No login is stored for " + OneLine.marked(application, 64) + ".",
                    "gateway desktop login list shows those that are.");
        }
        note(application, "removed");
        return JSON.createObjectNode().put("removed", true).toString();
    }

    private void note(String application, String what) {
        services.audit(
                new AuditNote("cli", "changed", application, null, null, null, "login", what));
    }
}
