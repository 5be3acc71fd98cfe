package dev.culvert.connector.config;

import dev.culvert.config.Shown;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Finds the tunnel's credentials, in cloudflared's order: token, token file, credentials' contents,
/// credentials file, `UUID.json` beside the origin certificate, then in the default directories.
/// Blocking: reads files. No message quotes what they hold.
final class CredentialsSource {
    static final String[] KEYS = {
        "token", "token-file", "credentials-contents", "credentials-file", "origincert"
    };

    private final Layers layers;
    private final List<Path> directories;
    private final Consumer<String> notes;

    CredentialsSource(Layers layers, List<Path> directories, Consumer<String> notes) {
        this.layers = layers;
        this.directories = directories;
        this.notes = notes;
    }

    /// Every key is read, so that each is known and checked; the first that is set is used.
    ///
    /// @param tunnel name or UUID of the tunnel to run, or null
    /// @return null when a problem was reported
    @Nullable TunnelCredentials find(@Nullable String tunnel) {
        UUID wanted = uuid(tunnel);
        String token = layers.text("token", "TUNNEL_TOKEN");
        String tokenFile = layers.text("token-file", "TUNNEL_TOKEN_FILE");
        String contents = layers.text("credentials-contents", "TUNNEL_CRED_CONTENTS");
        String file = layers.text("credentials-file", "TUNNEL_CRED_FILE");
        String certificate = layers.text("origincert", "TUNNEL_ORIGIN_CERT");
        String key = "";
        String variable = "";
        try {
            if (token != null) {
                key = "token";
                variable = "TUNNEL_TOKEN";
                return byToken(token, wanted);
            } else if (tokenFile != null) {
                key = "token-file";
                variable = "TUNNEL_TOKEN_FILE";
                return byToken(read(Path.of(tokenFile), TunnelToken.MAX_LENGTH), wanted);
            } else if (contents != null) {
                key = "credentials-contents";
                variable = "TUNNEL_CRED_CONTENTS";
                return TunnelCredentials.parse(contents, wanted);
            } else if (file != null) {
                key = "credentials-file";
                variable = "TUNNEL_CRED_FILE";
                return TunnelCredentials.parse(
                        read(Path.of(file), TunnelCredentials.MAX_FILE), wanted);
            }
            return inDirectories(tunnel, wanted, certificate);
        } catch (ProtocolException e) {
            layers.problem(key, variable, String.valueOf(e.getMessage()));
        } catch (IOException | InvalidPathException e) {
            layers.problem(key, variable, "the file cannot be read: " + e.getMessage());
        }
        return null;
    }

    private TunnelCredentials byToken(String token, @Nullable UUID wanted)
            throws ProtocolException {
        TunnelCredentials credentials = TunnelToken.parse(token);
        if (wanted != null && !wanted.equals(credentials.tunnelId())) {
            notes.accept(
                    "tunnel " + wanted + " is ignored: the token is for " + credentials.tunnelId());
        }
        return credentials;
    }

    private @Nullable TunnelCredentials inDirectories(
            @Nullable String tunnel, @Nullable UUID wanted, @Nullable String certificate)
            throws ProtocolException, IOException {
        if (wanted == null) {
            layers.problem(
                    "tunnel",
                    "",
                    tunnel == null
                            ? "no tunnel to run (expected: --token, TUNNEL_TOKEN, or a tunnel's UUID"
                                    + " and its credentials file)"
                            : Shown.value(tunnel)
                                    + " is a name, which only a credentials file explains (expected:"
                                    + " the tunnel's UUID, or credentials-file)");
            return null;
        }
        List<Path> places = new ArrayList<>();
        if (certificate != null) {
            Path parent = Path.of(certificate).toAbsolutePath().getParent();
            if (parent != null) {
                places.add(parent);
            }
        }
        places.addAll(directories);
        for (Path place : places) {
            Path file = place.resolve(wanted + ".json");
            if (Files.exists(file)) {
                return TunnelCredentials.parse(read(file, TunnelCredentials.MAX_FILE), wanted);
            }
        }
        layers.problem(
                "tunnel",
                "",
                "no credentials for "
                        + wanted
                        + " (looked for "
                        + wanted
                        + ".json in "
                        + String.join(", ", places.stream().map(Path::toString).toList())
                        + "; expected: credentials-file or --token)");
        return null;
    }

    private static String read(Path file, int limit) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw new IOException(file + " is longer than " + limit + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8).strip();
        }
    }

    private static @Nullable UUID uuid(@Nullable String tunnel) {
        try {
            return tunnel == null || tunnel.length() != 36 ? null : UUID.fromString(tunnel);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
