package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.protocols.stream.HeaderList;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Asks a service which application it is of. The answer is signed by the auth host that it names, so that a service can
/// send nobody to the sign-in of another under its own name; and it is kept for a day, so that a stored token is found
/// without asking.
///
/// Immutable; blocking.
final class MetadataSource {
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private final Https https;
    private final TokenFiles files;
    private final IssuerKeys keys;

    MetadataSource(Https https, TokenFiles files) {
        this.https = https;
        this.files = files;
        this.keys = new IssuerKeys(https, files);
    }

    /// What a service said within the last day, or null. It was verified when it was kept.
    @Nullable AppMetadata kept(Target app) throws Problem {
        Path file = file(app);
        String text = files.read(file);
        Jwt token = text == null ? null : Jwt.parse(text);
        if (token == null) {
            return null;
        }
        try {
            return AppMetadata.of(token, app);
        } catch (Problem old) {
            files.remove(file);
            return null;
        }
    }

    /// Asks and verifies.
    ///
    /// @return null for a service that is not behind an application
    @Nullable AppMetadata ask(Target app) throws Problem {
        HeaderList fields = HeaderList.of("cf-access-metadata-request", "true");
        Https.Answer answer = https.send("HEAD", app.address(), app.path(), fields, PATIENCE);
        String text = answer.headers().first("cf-access-metadata");
        if (text == null) {
            return null;
        }
        Jwt token = Jwt.parse(text.strip());
        if (token == null) {
            throw AppMetadata.refused(app, "signature", "none of RS256", "RS256");
        }
        HostPort authHost = AppMetadata.authHost(token, app);
        if (!keys.haveSigned(token, authHost)) {
            String expected = "by a key of " + Hosts.text(authHost);
            throw AppMetadata.refused(app, "signature", "not valid", expected);
        }
        AppMetadata metadata = AppMetadata.of(token, app);
        files.write(file(app), token.text());
        return metadata;
    }

    void forget(Target app) throws Problem {
        files.remove(file(app));
    }

    private Path file(Target app) {
        return files.metadata(Hosts.text(app.address()) + app.path());
    }
}
