package dev.culvert.access.login;

import dev.culvert.access.ForwardOptions;
import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.protocols.box.TokenTransfer;
import dev.culvert.protocols.stream.HeaderList;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// The tokens of this user: kept in files, exchanged, or got by a browser; in this order, and by one process at a time.
///
/// Thread-safe: all state is in the files. Blocking, with a person for up to ten minutes.
public final class AccessTokens {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration PATIENCE_ALONE = Duration.ofSeconds(20);
    private static final Duration CHECK = Duration.ofSeconds(5);
    private static final Duration LOGOUT = Duration.ofSeconds(10);

    private final Https https;
    private final TokenFiles files;
    private final MetadataSource metadata;
    private final LoginPrompt prompt;
    private final Browser browser;
    private final boolean autoClose;

    /// @param way whose proxy, trust and `--connect-to` hold
    /// @param environment value of a variable, or null
    /// @param autoClose whether the browser's page may close itself at the end
    public AccessTokens(
            ForwardOptions way,
            UnaryOperator<@Nullable String> environment,
            SSLContext tls,
            LoginPrompt prompt,
            boolean autoClose) {
        this.https = new Https(way, environment, tls);
        this.files = TokenFiles.of(environment);
        this.metadata = new MetadataSource(https, files);
        this.prompt = prompt;
        this.browser = Browser.of(environment);
        this.autoClose = autoClose;
    }

    /// For a stream: who is asked sees it on the terminal.
    public static AccessTokens atTerminal(
            ForwardOptions way, UnaryOperator<@Nullable String> environment, SSLContext tls) {
        return new AccessTokens(way, environment, tls, TextPrompt.terminal(), false);
    }

    /// The org token of an auth host.
    ///
    /// @param token secret
    public record OrgToken(HostPort authHost, String token) {
        /// Without the token.
        @Override
        public String toString() {
            return "OrgToken[" + authHost + "]";
        }
    }

    /// The org tokens there are, each of a session that may be over.
    public List<OrgToken> orgTokens() throws Problem {
        List<OrgToken> tokens = new ArrayList<>();
        for (HostPort host : files.authHosts()) {
            Jwt token = files.token(files.orgToken(host));
            if (token != null) {
                tokens.add(new OrgToken(host, token.text()));
            }
        }
        return tokens;
    }

    /// The token of a service's application.
    ///
    /// @param app `https` address of the service
    /// @param interactive whether a person may be asked
    /// @throws Problem [Problem#LOGIN_NEEDED] when one would have to be
    public String tokenFor(URI app, boolean interactive) throws Problem {
        return tokenFor(Target.parse(app.toString()), interactive);
    }

    public String tokenFor(Target app, boolean interactive) throws Problem {
        String stored = stored(app);
        if (stored != null) {
            return stored;
        }
        AppMetadata asked = metadata.ask(app);
        if (asked == null) {
            throw notProtected(app);
        }
        return tokenFor(app, asked, interactive).text();
    }

    /// A token for a service that has asked for a login.
    ///
    /// @param refused the token that was not taken, or null
    /// @param interactive whether a person may be asked
    public String renewed(Target app, @Nullable String refused, boolean interactive)
            throws Problem {
        if (refused != null) {
            forget(app, refused);
        }
        String stored = stored(app);
        AppMetadata asked = stored == null ? metadata.ask(app) : null;
        if (stored == null && asked == null) {
            throw new Problem(
                    Problem.LOGIN_NEEDED,
                    Hosts.text(app.address()) + " needs a login, but does not say where",
                    "use a service token: --service-token-id and --service-token-secret");
        }
        return asked == null ? String.valueOf(stored) : tokenFor(app, asked, interactive).text();
    }

    /// A token that the edge takes now: one that was stored may be of a session that is over. Asks a person if it must.
    public String checkedTokenFor(Target app) throws Problem {
        String token = tokenFor(app, true);
        HeaderList fields = HeaderList.of("Cf-Access-Token", token);
        Https.Answer answer = https.send("HEAD", app.address(), app.path(), fields, CHECK);
        if (!answer.asksForLogin()) {
            return token;
        }
        forget(app, token);
        return tokenFor(app, true);
    }

    /// Whether a service is behind an application.
    public boolean isProtected(Target app) throws Problem {
        return metadata.kept(app) != null || metadata.ask(app) != null;
    }

    /// A token that is there without asking anybody, or null.
    public @Nullable String stored(Target app) throws Problem {
        AppMetadata kept = metadata.kept(app);
        Jwt token = kept == null ? null : files.token(file(kept));
        return token != null && kept != null && token.isFor(kept.audience()) ? token.text() : null;
    }

    private Jwt tokenFor(Target app, AppMetadata of, boolean interactive) throws Problem {
        Path file = file(of);
        Jwt token = usable(file, of);
        if (token != null) {
            return token;
        }
        // One for all applications of an auth host: its org token serves them all.
        Path lock = files.orgToken(of.authHost());
        Path page = lock.resolveSibling(lock.getFileName() + ".url");
        Duration patience = interactive ? PATIENCE : PATIENCE_ALONE;
        try (LoginLock _ = LoginLock.take(files, lock, patience, new Others(of, page))) {
            // While it was waited for, somebody else may have signed in.
            token = usable(file, of);
            token = token == null ? exchanged(app, of) : token;
            if (token == null && !interactive) {
                throw needed(app);
            }
            return token == null ? signedIn(app, of, page) : token;
        }
    }

    private @Nullable Jwt usable(Path file, AppMetadata of) throws Problem {
        Jwt token = files.token(file);
        return token != null && token.isFor(of.audience()) ? token : null;
    }

    private @Nullable Jwt exchanged(Target app, AppMetadata of) throws Problem {
        Path file = files.orgToken(of.authHost());
        Jwt orgToken = files.token(file);
        if (orgToken == null) {
            return null;
        }
        Jwt token = new TokenExchange(https, app, of, orgToken).run();
        if (token == null) {
            files.remove(file);
        } else {
            files.write(file(of), token.text());
        }
        return token;
    }

    private Jwt signedIn(Target app, AppMetadata of, Path pageFile) throws Problem {
        BrowserLogin login = new BrowserLogin(https, app, of, PATIENCE);
        URI page = login.page(autoClose);
        files.write(pageFile, page.toString());
        try {
            String host = Hosts.text(app.address());
            prompt.signIn(host, Hosts.text(of.authHost()), page, login.code());
            browser.open(page);
            TokenTransfer tokens = login.await();
            Jwt appToken = Jwt.parse(tokens.appToken());
            Jwt orgToken = Jwt.parse(tokens.orgToken());
            if (appToken == null || !appToken.isAlive() || !appToken.isFor(of.audience())) {
                throw Problem.failed(
                        Hosts.text(of.authHost()) + " sent a token that is not for " + host,
                        "check the clocks here and there; ask the owner of the edge");
            }
            files.write(file(of), appToken.text());
            if (orgToken != null && orgToken.isAlive()) {
                files.write(files.orgToken(of.authHost()), orgToken.text());
            }
            return appToken;
        } finally {
            files.remove(pageFile);
        }
    }

    /// An edge has not taken a token: it is not used again. One that was stored in the meantime stays.
    public void forget(Target app, String refused) throws Problem {
        AppMetadata kept = metadata.kept(app);
        if (kept == null) {
            return;
        }
        if (refused.equals(files.read(file(kept)))) {
            files.remove(file(kept));
        }
        metadata.forget(app);
    }

    /// Ends the session of one auth host there and here.
    ///
    /// @param app a service that it signs in to, or null for all auth hosts
    /// @return the auth hosts whose sessions there were
    public List<HostPort> logout(@Nullable Target app) throws Problem {
        // Whose they are is not in their names, and new ones cost nothing.
        for (Path certificate : files.sshCertificates()) {
            files.remove(certificate);
        }
        List<HostPort> over = new ArrayList<>();
        HostPort only = app == null ? null : authHostToLeave(app);
        Problem failed = null;
        for (OrgToken token : orgTokens()) {
            if (only != null && !only.equals(token.authHost())) {
                continue;
            }
            over.add(token.authHost());
            removeTokensOf(token);
            try {
                endSession(token);
            } catch (Problem problem) {
                failed = problem;
            }
        }
        if (failed != null) {
            throw failed;
        }
        return over;
    }

    private HostPort authHostToLeave(Target app) throws Problem {
        AppMetadata known = known(app);
        files.remove(file(known));
        return known.authHost();
    }

    private AppMetadata known(Target app) throws Problem {
        AppMetadata known = metadata.kept(app);
        known = known == null ? metadata.ask(app) : known;
        if (known == null) {
            throw notProtected(app);
        }
        return known;
    }

    /// Where the tokens of a service come from.
    HostPort authHost(Target app) throws Problem {
        return known(app).authHost();
    }

    /// Gets certificates for SSH with these tokens.
    public SshCertificates sshCertificates() {
        return new SshCertificates(https, this, files);
    }

    private void removeTokensOf(OrgToken session) throws Problem {
        Jwt own = Jwt.parse(session.token());
        for (Path file : files.appTokens()) {
            Jwt token = files.token(file);
            if (own != null && token != null && token.claim("iss").equals(own.claim("iss"))) {
                files.remove(file);
            }
        }
        files.remove(files.orgToken(session.authHost()));
    }

    private void endSession(OrgToken session) throws Problem {
        HeaderList fields = HeaderList.of("Cookie", "CF_Authorization=" + session.token());
        Https.Answer answer =
                https.send("GET", session.authHost(), "/cdn-cgi/access/logout", fields, LOGOUT);
        if (answer.status() >= 400) {
            throw Problem.failed(
                    Hosts.text(session.authHost())
                            + " answered "
                            + answer.status()
                            + " to the logout; the tokens are gone from this machine",
                    "end the session in the browser, under your sessions");
        }
    }

    private Path file(AppMetadata of) {
        return files.appToken(of.appHost(), of.audience());
    }

    static Problem needed(Target app) {
        String host = Hosts.text(app.address());
        return new Problem(
                Problem.LOGIN_NEEDED, host + " needs a login", "access login https://" + host);
    }

    private static Problem notProtected(Target app) {
        return Problem.failed(
                "https://" + Hosts.text(app.address()) + ": no application asks for a login here",
                "check host name, port and path");
    }

    /// Says once where another process waits.
    private final class Others implements LoginLock.Waiting {
        private final AppMetadata metadata;
        private final Path page;
        private boolean said;

        Others(AppMetadata metadata, Path page) {
            this.metadata = metadata;
            this.page = page;
        }

        @Override
        public void still() throws Problem {
            String text = said ? null : files.read(page);
            if (text != null) {
                said = true;
                prompt.othersSignIn(Hosts.text(metadata.authHost()), URI.create(text));
            }
        }
    }
}
