package dev.culvert.plugin.edge;

import dev.culvert.plugin.HttpExchange;
import java.io.IOException;
import java.util.Set;

/// The running half of a plugin at the edge. Thread-safe: everything is called on virtual threads, many at
/// a time, and may block.
public interface EdgeHalf extends AutoCloseable {
    /// Below this a host's paths are the plugin's own; WebSockets elsewhere are streams to the service, as
    /// client programs open them.
    String OWN_PATHS = "/.culvert/";

    /// Answers a request to an application with `browser: true`, after its policies have let it in: every
    /// request but WebSockets outside of [#OWN_PATHS].
    ///
    /// When policies no longer let it in, the exchange ends (a WebSocket by a close frame 1008 with the
    /// reason, written by the edge) and `admitted` does.
    void browser(Admitted admitted, HttpExchange exchange) throws IOException, InterruptedException;

    /// Answers a request to `https://AUTH_HOST/cdn-cgi/access/<path>`, a path of [#authPaths]. Nobody has
    /// decided anything: who asks is the plugin's to find out ([EdgeServices#admitByToken]).
    ///
    /// @param address the client's
    default void auth(String path, String address, HttpExchange exchange)
            throws IOException, InterruptedException {
        throw new IllegalStateException("no such path: " + path);
    }

    /// Last parts of the paths of [#auth], such as `cert_sign`.
    default Set<String> authPaths() {
        return Set.of();
    }

    /// Answers a request to the admin endpoint, `/api/v1/plugins/<name>/<path>`: of the edge's owner,
    /// already checked. Changes are audited by the plugin.
    ///
    /// @param method `GET`, `POST` or `DELETE`
    /// @param path segments after the name, joined by `/`
    /// @param body a JSON object as text, `{}` for none
    /// @return a JSON object as text
    /// @throws RefusedException when it cannot be done
    default String admin(String method, String path, String body)
            throws IOException, InterruptedException {
        throw new RefusedException(
                "unknown_path", "there is no " + path, "see the table in docs/admin-api.md");
    }

    /// Speaks with a client of the plugin's own listener until it is done.
    default void accept(Connection client) throws IOException, InterruptedException {
        throw new IllegalStateException("has no listener");
    }

    /// Ends everything that is under way. Idempotent.
    @Override
    void close();
}
