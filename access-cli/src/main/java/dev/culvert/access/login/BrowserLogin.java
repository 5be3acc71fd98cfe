package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.box.BoxKeyPair;
import dev.culvert.protocols.box.ConfirmationCode;
import dev.culvert.protocols.box.TokenTransfer;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One sign-in by a browser: a page is opened that knows a fresh public key, and the auth host is asked for what was
/// sealed for it until the person there has confirmed.
///
/// One use; blocking.
final class BrowserLogin {
    /// A poll waits at the server.
    private static final Duration POLL = Duration.ofSeconds(65);

    /// Between polls that the server answered at once.
    private static final long PAUSE_MILLIS = 1_000;

    private final Https https;
    private final Target app;
    private final AppMetadata metadata;
    private final Duration patience;
    private final BoxKeyPair keys = BoxKeyPair.fresh(new SecureRandom());

    /// @param patience with the person
    BrowserLogin(Https https, Target app, AppMetadata metadata, Duration patience) {
        this.https = https;
        this.app = app;
        this.metadata = metadata;
        this.patience = patience;
    }

    /// The page to open.
    ///
    /// @param autoClose whether it may close itself at the end
    URI page(boolean autoClose) {
        String host = "https://" + Hosts.text(app.address());
        String aud = "aud=" + encoded(metadata.audience());
        String token = "token=" + encoded(keys.publicKey().text());
        String back = host + app.path();
        back += (back.indexOf('?') < 0 ? "?" : "&") + aud + "&" + token;
        return URI.create(
                host
                        + "/cdn-cgi/access/cli?"
                        + aud
                        + "&"
                        + token
                        + "&redirect_url="
                        + encoded(back)
                        + "&send_org_token=true&edge_token_transfer=true"
                        + (autoClose ? "&close_interstitial=true" : ""));
    }

    /// What the page shows too.
    String code() {
        return ConfirmationCode.of(keys.publicKey()).text();
    }

    /// Waits for the person.
    TokenTransfer await() throws Problem {
        long deadline = System.nanoTime() + patience.toNanos();
        String path = "/transfer/" + keys.publicKey().text();
        while (true) {
            long asked = System.nanoTime();
            TokenTransfer tokens = poll(path);
            if (tokens != null) {
                return tokens;
            }
            if (System.nanoTime() > deadline) {
                throw new Problem(
                        Problem.LOGIN_NEEDED,
                        "nobody has signed in within " + patience.toMinutes() + " minutes",
                        "try again and open the address that is shown");
            }
            pause(asked);
        }
    }

    private @Nullable TokenTransfer poll(String path) throws Problem {
        Https.Answer answer;
        try {
            answer = https.send("GET", metadata.authHost(), path, agent(), POLL);
        } catch (Problem problem) {
            if (problem.passing()) {
                return null;
            }
            throw problem;
        }
        HostPort host = metadata.authHost();
        return switch (answer.status()) {
            case 200 -> open(answer);
            case 403, 410 ->
                    throw new Problem(
                            Problem.DENIED,
                            Hosts.text(host) + ": the login was refused in the browser",
                            "try again, and confirm if you started it yourself");
            default -> {
                if (answer.status() >= 500) {
                    throw Problem.failed(
                            Hosts.text(host) + " answered " + answer.status() + " to the login",
                            "try again; if it persists, look into the edge's log");
                }
                yield null;
            }
        };
    }

    /// The page shows it: a person knows their machines.
    private static HeaderList agent() {
        String name = System.getenv("COMPUTERNAME");
        try {
            name = name == null ? Files.readString(Path.of("/etc/hostname")).strip() : name;
        } catch (IOException e) {
            name = "";
        }
        boolean plain = name.matches("[A-Za-z0-9._-]{1,63}");
        return HeaderList.of("User-Agent", Https.AGENT + (plain ? " (" + name + ")" : ""));
    }

    private TokenTransfer open(Https.Answer answer) throws Problem {
        String key = answer.headers().first(TokenTransfer.KEY_FIELD);
        try {
            return TokenTransfer.open(
                    new TokenTransfer.Sealed(key == null ? "" : key, answer.body()), keys);
        } catch (ProtocolException e) {
            throw Problem.failed(
                    "the tokens that "
                            + Hosts.text(metadata.authHost())
                            + " sent are unreadable: "
                            + e.getMessage(),
                    "check that edge and access are of versions that fit");
        }
    }

    private static void pause(long asked) throws Problem {
        long spent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - asked);
        try {
            Thread.sleep(Math.max(0, PAUSE_MILLIS - spent));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while waiting for a login", "try again");
        }
    }

    private static String encoded(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }
}
