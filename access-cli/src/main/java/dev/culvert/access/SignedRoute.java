package dev.culvert.access;

import dev.culvert.access.login.AccessTokens;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A route, and the token that was got for it once the edge had asked for a login. Streams of one port share it: the first
/// that is refused signs in, the others wait and go on with its token.
///
/// Thread-safe. [#renew] blocks, with a person for up to ten minutes.
public final class SignedRoute {
    /// Refusals of one stream after which a login is tried: without a token, and with one that is no longer taken.
    static final int MOST_RENEWALS = 2;

    private final Route plain;
    private final @Nullable Supplier<AccessTokens> tokens;
    private final boolean interactive;
    private volatile Route route;

    /// @param tokens made when they are needed; null for no login
    public SignedRoute(Route route, @Nullable Supplier<AccessTokens> tokens) {
        this(route, tokens, true);
    }

    /// @param interactive whether a person may be asked
    public SignedRoute(Route route, @Nullable Supplier<AccessTokens> tokens, boolean interactive) {
        this.interactive = interactive;
        this.plain = route;
        this.route = route;
        this.tokens = route.token() == null ? tokens : null;
    }

    /// As it is now.
    public Route route() {
        return route;
    }

    /// Whether a stream that failed may come up after [#renew].
    boolean mayRenew(Problem why, int renewals) {
        return why.exitCode() == Problem.LOGIN_NEEDED && tokens != null && renewals < MOST_RENEWALS;
    }

    /// Gets a token in the place of the one that was refused, or of none.
    ///
    /// @param refused the route whose handshake was answered with a login
    synchronized void renew(Route refused) throws Problem {
        String old = refused.token();
        if (tokens == null || !Objects.equals(old, route.token())) {
            return;
        }
        route = plain.withToken(tokens.get().renewed(plain.target(), old, interactive));
    }
}
