package dev.culvert.access.ports;

import dev.culvert.access.HostPort;
import dev.culvert.access.Https;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import dev.culvert.access.login.AccessTokens;
import dev.culvert.protocols.stream.HeaderList;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The account whose tokens are in this user's files. Immutable; blocking.
final class TokenAccount implements Account {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;

    private final Way way;

    TokenAccount(Way way) {
        this.way = way;
    }

    @Override
    public List<App> apps() throws Problem {
        List<App> apps = new ArrayList<>();
        Problem failed = null;
        for (AccessTokens.OrgToken token : way.tokens(null).orgTokens()) {
            try {
                apps.addAll(apps(token));
            } catch (Problem problem) {
                // One edge that is away does not take the applications of the others.
                failed = problem;
            }
        }
        if (apps.isEmpty() && failed != null) {
            throw failed;
        }
        return apps;
    }

    private List<App> apps(AccessTokens.OrgToken token) throws Problem {
        HostPort host = token.authHost();
        HeaderList fields = HeaderList.of("Cf-Access-Token", token.token());
        fields.add("Accept", "application/json");
        Https.Answer answer =
                way.https().send("GET", host, "/cdn-cgi/access/apps", fields, PATIENCE);
        if (answer.status() == UNAUTHORIZED || answer.asksForLogin()) {
            // The session is over; a login of its applications replaces the token.
            return List.of();
        }
        if (answer.status() != OK) {
            throw Problem.failed(
                    text(host)
                            + " answered "
                            + answer.status()
                            + " to the question for applications",
                    "check that it is a Culvert edge of this version, and its log");
        }
        return AppList.read(answer.body());
    }

    @Override
    public void login(String url) throws Problem {
        Target target = Target.parse(url);
        way.tokens(url).checkedTokenFor(target);
    }

    @Override
    public List<String> logout(@Nullable String url) throws Problem {
        Target target = url == null ? null : Target.parse(url);
        return way.tokens(url).logout(target).stream().map(TokenAccount::text).toList();
    }

    private static String text(HostPort host) {
        return host.port() == Target.HTTPS ? host.host() : host.toString();
    }
}
