package dev.culvert.edge.admin;

import dev.culvert.edge.state.PrivateFiles;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// `admin.json` (0600): where commands reach a running edge, and the bearer token they show it. It is
/// there while the edge runs; one left by a killed edge is known by the lock being free, and removed
/// by whoever takes the lock next.
///
/// Thread-safe.
public final class AdminEndpointFile implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AdminEndpointFile.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int MAX_FILE_BYTES = 4096;

    private final Path file;
    private final Endpoint endpoint;

    /// @param url `http://` and a loopback address with port, no path
    /// @param token a secret
    public record Endpoint(URI url, String token) {
        /// Without the token.
        @Override
        public String toString() {
            return "Endpoint[" + url + "]";
        }
    }

    private AdminEndpointFile(Path file, Endpoint endpoint) {
        this.file = file;
        this.endpoint = endpoint;
    }

    /// A new bearer token: 32 random bytes as text.
    public static String newToken() {
        byte[] bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /// Writes the file, to be closed when the edge stops and before the state directory is closed.
    public static AdminEndpointFile write(StateDirectory directory, Endpoint endpoint)
            throws StateException {
        Path file = in(directory.path());
        PrivateFiles.write(
                file,
                Json.MAPPER.writeValueAsBytes(
                        Json.MAPPER
                                .createObjectNode()
                                .put("url", endpoint.url().toString())
                                .put("token", endpoint.token())));
        return new AdminEndpointFile(file, endpoint);
    }

    static Path in(Path directory) {
        return directory.resolve("admin.json");
    }

    /// @return null when there is none
    static @Nullable Endpoint read(Path directory) throws StateException {
        Path file = in(directory);
        try {
            JsonNode json = Json.MAPPER.readTree(PrivateFiles.read(file, MAX_FILE_BYTES));
            URI url = URI.create(json.path("url").asString(""));
            String token = json.path("token").asString("");
            if (!"http".equals(url.getScheme()) || !Loopback.isLoopback(url.getHost())) {
                throw new StateException(
                        Code.UNREACHABLE,
                        file
                                + ": url "
                                + StateException.quoted(url.toString())
                                + " (expected: http:// and a loopback address)",
                        "restart the edge, which writes the file anew");
            }
            return new Endpoint(url, token);
        } catch (NoSuchFileException e) {
            return null;
        } catch (JacksonException | IllegalArgumentException e) {
            // The cause would quote the token.
            throw new StateException(
                    Code.UNREACHABLE,
                    file + " is damaged (expected: JSON with url and token)",
                    "restart the edge, which writes the file anew");
        }
    }

    /// Removes what a killed edge left.
    ///
    /// @return whether there was a file
    public static boolean removeStale(StateDirectory directory) throws StateException {
        try {
            boolean stale = Files.deleteIfExists(in(directory.path()));
            if (stale) {
                LOG.info("Admin endpoint file of an edge that did not stop cleanly removed");
            }
            return stale;
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    in(directory.path()) + " cannot be removed: " + e,
                    "check who owns the state directory",
                    e);
        }
    }

    public Endpoint endpoint() {
        return endpoint;
    }

    /// Removes the file. Idempotent.
    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn(
                    "Admin endpoint file cannot be removed file={} problem={}", file, e.toString());
        }
    }
}
