package dev.culvert.plugin.desktop;

import dev.culvert.plugin.desktop.host.HostCertificates;
import dev.culvert.plugin.desktop.session.Login;
import dev.culvert.plugin.desktop.session.Logins;
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

/// What the edge keeps about hosts, for its owner: logins that are stored, and certificates that users have trusted.
///
/// | request | answer |
/// |---|---|
/// | `GET logins` | `{"logins":[{"application","user","domain"}]}` |
/// | `POST logins` with `{"application","user","domain","password"}` | `{"stored":true}` |
/// | `DELETE logins/APPLICATION` (percent-encoded) | `{"removed":true}` |
/// | `GET certificates` | `{"certificates":[{"host","fingerprint","subject","issuer","from","until"}]}` |
/// | `DELETE certificates/HOST` | `{"forgotten":true}`; the next one is shown to a user again |
///
/// Thread-safe. Blocking.
final class DesktopAdmin {
    private static final String LOGINS = "logins";
    private static final String CERTIFICATES = "certificates";
    private static final JsonMapper JSON = new JsonMapper();

    private final EdgeServices services;
    private final Logins logins;
    private final HostCertificates certificates;

    DesktopAdmin(EdgeServices services, Logins logins, HostCertificates certificates) {
        this.services = services;
        this.logins = logins;
        this.certificates = certificates;
    }

    /// @return a JSON object
    String answer(String method, String path, String body) throws IOException {
        int slash = path.indexOf('/');
        String name =
                slash < 0
                        ? ""
                        : URLDecoder.decode(path.substring(slash + 1), StandardCharsets.UTF_8);
        switch (method + " " + (slash < 0 ? path : path.substring(0, slash + 1))) {
            case "GET " + LOGINS -> {
                return list();
            }
            case "POST " + LOGINS -> {
                return store(JSON.readTree(body));
            }
            case "DELETE " + LOGINS + "/" -> {
                return remove(name);
            }
            case "GET " + CERTIFICATES -> {
                return listCertificates();
            }
            case "DELETE " + CERTIFICATES + "/" -> {
                certificates.forget(name);
                return JSON.createObjectNode().put("forgotten", true).toString();
            }
            default -> {}
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

    private String listCertificates() throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode all = answer.putArray("certificates");
        for (HostCertificates.Kept kept : certificates.kept()) {
            all.addObject()
                    .put("host", kept.host())
                    .put("fingerprint", kept.certificate().fingerprint())
                    .put("subject", kept.certificate().subject())
                    .put("issuer", kept.certificate().issuer())
                    .put("from", kept.certificate().from().toString())
                    .put("until", kept.certificate().until().toString());
        }
        return answer.toString();
    }

    private void note(String application, String what) {
        services.audit(
                new AuditNote("cli", "changed", application, null, null, null, "login", what));
    }
}
