package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.PluginStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Logins that owners of applications have stored, so that users sign in without knowing them. Sealed in the state.
///
/// Thread-safe. Blocking.
public final class Logins {
    private static final String KIND = "login";
    private static final JsonMapper JSON = new JsonMapper();

    private final PluginStore store;

    public Logins(PluginStore store) {
        this.store = store;
    }

    /// What is known of one without its secret.
    public record Listed(String application, String user, String domain) {}

    /// Whether there is one for an application.
    public boolean has(String application) throws IOException {
        return store.get(KIND, application).isPresent();
    }

    /// The stored one; else a copy of what the user gave.
    Login of(String application, Login given) throws IOException {
        Optional<byte[]> stored = store.get(KIND, application);
        return stored.isPresent() ? read(stored.get()) : given.copy();
    }

    private static Login read(byte[] value) {
        JsonNode json = JSON.readTree(value);
        return new Login(
                json.path("user").asString(""),
                json.path("domain").asString(""),
                json.path("password").asString("").toCharArray(),
                true);
    }

    /// Adds or replaces.
    public void put(String application, String user, String domain, String password)
            throws IOException {
        String json =
                JSON.createObjectNode()
                        .put("user", user)
                        .put("domain", domain)
                        .put("password", password)
                        .toString();
        store.put(KIND, application, json.getBytes(StandardCharsets.UTF_8), true);
    }

    /// @return whether there was one
    public boolean remove(String application) throws IOException {
        return store.remove(KIND, application);
    }

    public List<Listed> all() throws IOException {
        List<Listed> all = new ArrayList<>();
        for (PluginStore.Value value : store.all(KIND)) {
            try (Login login = read(value.value())) {
                all.add(new Listed(value.key(), login.user(), login.domain()));
            }
        }
        return all;
    }
}
