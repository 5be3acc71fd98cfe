package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Has this user's key for a host signed by the auth host, for minutes. What it says is the policies' to decide.
///
/// Immutable. Blocking, with a person for up to ten minutes.
public final class SshCertificates {
    private static final String PATH = "/cdn-cgi/access/cert_sign";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Https https;
    private final AccessTokens tokens;
    private final TokenFiles files;

    SshCertificates(Https https, AccessTokens tokens, TokenFiles files) {
        this.https = https;
        this.tokens = tokens;
        this.files = files;
    }

    /// A certificate in its file.
    record Stored(Path file, SshCertificate certificate) {}

    /// The private key of a host in `ssh_config`, where `%h` is its name; the certificate's file has `-cert.pub` behind.
    public static String keyPattern(UnaryOperator<@Nullable String> environment) {
        Path directory = TokenFiles.of(environment).directory();
        Path home = Path.of(System.getProperty("user.home"));
        // ssh has its own idea of the home directory: that of the system.
        String shown =
                directory.startsWith(home)
                        ? "~/" + home.relativize(directory)
                        : directory.toString();
        return shown.replace("%", "%%") + "/%h-cf_key";
    }

    /// @param kind null for that of the key there is
    Stored renew(Target app, SshKey.@Nullable Kind kind) throws Problem {
        String host = app.address().host();
        String token = tokens.tokenFor(app, true);
        SshPublicKey key = SshKey.of(files, host, kind);
        HostPort authHost = tokens.authHost(app);
        Https.Answer answer = ask(authHost, key, token);
        if (answer.status() == 401) {
            answer = ask(authHost, key, tokens.renewed(app, token, true));
        }
        if (answer.status() != 200) {
            throw refused(answer, authHost);
        }
        SshCertificate certificate = certificate(answer, key, authHost);
        files.write(files.sshCertificate(host), line(answer, authHost));
        return new Stored(files.sshCertificate(host), certificate);
    }

    private Https.Answer ask(HostPort authHost, SshPublicKey key, String token) throws Problem {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("public_key", key.line());
        fields.put("jwt", token);
        fields.put("issuer", "https://" + Hosts.text(authHost));
        return https.post(authHost, PATH, FlatObject.format(fields), PATIENCE);
    }

    private static SshCertificate certificate(
            Https.Answer answer, SshPublicKey key, HostPort authHost) throws Problem {
        try {
            SshCertificate made = SshCertificate.ofLine(line(answer, authHost));
            if (made.key().equals(key) && made.use() == SshCertificate.Use.USER) {
                return made;
            }
        } catch (ProtocolException e) {
            throw nonsense(authHost, String.valueOf(e.getMessage()));
        }
        throw nonsense(authHost, "not a certificate for this key");
    }

    private static String line(Https.Answer answer, HostPort authHost) throws Problem {
        try {
            return FlatObject.parse("answer", answer.body(), Https.MAX_BODY)
                    .requiredText("certificate")
                    .strip();
        } catch (ProtocolException e) {
            throw nonsense(authHost, String.valueOf(e.getMessage()));
        }
    }

    private static Problem nonsense(HostPort authHost, String what) {
        return Problem.failed(
                Hosts.text(authHost) + " answered cert_sign with something else: " + what,
                "ask the owner of the edge whether it signs certificates");
    }

    private static Problem refused(Https.Answer answer, HostPort authHost) {
        FlatObject fields;
        try {
            fields = FlatObject.parse("answer", answer.body(), Https.MAX_BODY);
        } catch (ProtocolException e) {
            return nonsense(authHost, "status " + answer.status());
        }
        int code =
                switch (answer.status()) {
                    case 401 -> Problem.LOGIN_NEEDED;
                    case 403 -> Problem.DENIED;
                    default -> Problem.FAILED;
                };
        String what = fields.text("message");
        String next = fields.text("next");
        return new Problem(
                code,
                Hosts.text(authHost)
                        + " signs no certificate: "
                        + (what == null ? "status " + answer.status() : what),
                next == null ? "ask the owner of the edge" : next);
    }
}
