package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The directory of the tokens, `~/.culvert/access` unless `CULVERT_ACCESS_HOME` names another. Names are those of
/// cloudflared's directory:
///
/// | file | content |
/// |---|---|
/// | `<app host>-<aud>-token` | application token |
/// | `<auth host>-org-token` | org token |
/// | `<auth host>-jwks` | keys of the auth host |
/// | `<app host>-metadata` | what the application said of itself, signed |
/// | `<app host>-cf_key`, `….pub`, `…-cert.pub` | the key for SSH, and its certificate |
/// | `….lock`, `….url` | see [LoginLock] |
///
/// The directory is 0700 and files are 0600, see [Privacy]. Files are replaced whole.
///
/// Thread-safe: every method is one step on the file system. Blocking.
final class TokenFiles {
    private static final int MAX_FILE = 1 << 20;

    private final Path directory;

    TokenFiles(Path directory) {
        this.directory = directory;
    }

    /// @param environment value of a variable, or null
    static TokenFiles of(UnaryOperator<@Nullable String> environment) {
        String own = environment.apply("CULVERT_ACCESS_HOME");
        if (own != null && !own.isBlank()) {
            return new TokenFiles(Path.of(own).toAbsolutePath());
        }
        String home = environment.apply("HOME");
        boolean known = home != null && !home.isBlank();
        Path user = Path.of(known ? home : System.getProperty("user.home"));
        return new TokenFiles(user.resolve(".culvert").resolve("access").toAbsolutePath());
    }

    Path appToken(String appHost, String audience) {
        return directory.resolve(plain(appHost) + "-" + plain(audience) + "-token");
    }

    Path orgToken(HostPort authHost) {
        return directory.resolve(plain(Hosts.text(authHost)) + "-org-token");
    }

    Path keys(HostPort authHost) {
        return directory.resolve(plain(Hosts.text(authHost)) + "-jwks");
    }

    /// @param app host, port and path
    Path metadata(String app) {
        return directory.resolve(plain(app) + "-metadata");
    }

    /// Private key for SSH.
    Path sshKey(String host) {
        return directory.resolve(plain(host) + "-cf_key");
    }

    Path sshPublicKey(String host) {
        return beside(sshKey(host), ".pub");
    }

    Path sshCertificate(String host) {
        return beside(sshKey(host), "-cert.pub");
    }

    /// Those of all hosts.
    List<Path> sshCertificates() throws Problem {
        return list("-cf_key-cert.pub");
    }

    private static Path beside(Path file, String end) {
        return file.resolveSibling(file.getFileName() + end);
    }

    Path directory() {
        return directory;
    }

    /// Neither a path nor a name that a system would not take.
    private static String plain(String name) {
        return name.replace(':', '_').replaceAll("[^A-Za-z0-9._-]", "-");
    }

    /// The auth hosts that there are org tokens of.
    List<HostPort> authHosts() throws Problem {
        List<HostPort> hosts = new ArrayList<>();
        for (Path file : list("-org-token")) {
            String name = file.getFileName().toString();
            String text = name.substring(0, name.length() - "-org-token".length());
            HostPort host = Hosts.parse(text.replaceFirst("_([0-9]{1,5})$", ":$1"));
            if (host != null) {
                hosts.add(host);
            }
        }
        return hosts;
    }

    /// The application tokens.
    List<Path> appTokens() throws Problem {
        List<Path> files = new ArrayList<>(list("-token"));
        files.removeIf(file -> file.getFileName().toString().endsWith("-org-token"));
        return files;
    }

    private List<Path> list(String end) throws Problem {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            Privacy.requireDirectory(directory);
            return files.filter(file -> file.getFileName().toString().endsWith(end))
                    .sorted()
                    .toList();
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /// The text of a file, or null when there is none.
    @Nullable String read(Path file) throws Problem {
        try {
            Privacy.requireDirectory(directory);
            Privacy.requireFile(file);
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                byte[] bytes = in.readNBytes(MAX_FILE);
                return new String(bytes, StandardCharsets.UTF_8).strip();
            }
        } catch (NoSuchFileException e) {
            return null;
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /// The token in a file, or null. What is no token any more is removed.
    @Nullable Jwt token(Path file) throws Problem {
        String text = read(file);
        if (text == null) {
            return null;
        }
        Jwt token = Jwt.parse(text);
        if (token == null || !token.isAlive()) {
            remove(file);
            return null;
        }
        return token;
    }

    /// When a file was written, or the epoch.
    Instant written(Path file) {
        try {
            return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
        } catch (IOException e) {
            return Instant.EPOCH;
        }
    }

    void write(Path file, String text) throws Problem {
        try {
            makeDirectory();
            Path fresh = Files.createTempFile(directory, ".new-", "", Privacy.ofFile(directory));
            try {
                Files.writeString(fresh, text + "\n");
                Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    void remove(Path file) throws Problem {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    /// Makes the directory where it is missing, with the parents.
    void makeDirectory() throws Problem {
        try {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(directory, Privacy.ofDirectory(directory));
            }
            Privacy.requireDirectory(directory);
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static Problem unusable(Path path, IOException cause) {
        return Problem.failed(
                path + ": cannot be used (" + cause.getClass().getSimpleName() + ")",
                "see that it is yours and its disk is writable, or set CULVERT_ACCESS_HOME");
    }
}
