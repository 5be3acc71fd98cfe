package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The keys of hosts that users have trusted, for the edge's owner:
///
/// | request | answer |
/// |---|---|
/// | `GET host-keys` | `{"host_keys":[{"host","key"}]}` |
/// | `DELETE host-keys/HOST` | `{"forgotten":true}`; the next key is shown to a user again |
///
/// Thread-safe. Blocking.
public final class HostKeysAdmin {
    private static final String PATH = "host-keys";
    private static final JsonMapper JSON = new JsonMapper();

    private final EdgeServices services;

    public HostKeysAdmin(EdgeServices services) {
        this.services = services;
    }

    /// Whether a path of the admin endpoint is answered here.
    public boolean has(String path) {
        return path.equals(PATH) || path.startsWith(PATH + "/");
    }

    /// @return a JSON object
    public String answer(String method, String path) throws IOException {
        String host = path.length() > PATH.length() ? path.substring(PATH.length() + 1) : "";
        if (method.equals("GET") && host.isEmpty()) {
            return list();
        }
        if (method.equals("DELETE") && !host.isEmpty()) {
            return forget(host.toLowerCase(Locale.ROOT));
        }
        throw new RefusedException(
                "unknown_path",
                "There is no " + method + " " + path + ".",
                "See the table in docs/admin-api.md.");
    }

    private String list() throws IOException {
        ObjectNode answer = JSON.createObjectNode();
        ArrayNode keys = answer.putArray("host_keys");
        for (PluginStore.Value kept : services.store().all(HostKeys.KIND)) {
            keys.addObject()
                    .put("host", kept.key())
                    .put("key", new String(kept.value(), StandardCharsets.UTF_8));
        }
        return answer.toString();
    }

    private String forget(String host) throws IOException {
        if (!services.store().remove(HostKeys.KIND, host)) {
            throw new RefusedException(
                    "unknown_host",
                    "No key of " + host + " is kept.",
                    "GET host-keys lists those that are.");
        }
        services.audit(
                new AuditNote("cli", "changed", null, host, null, null, "host_key", "forgotten"));
        return JSON.createObjectNode().put("forgotten", true).toString();
    }
}
