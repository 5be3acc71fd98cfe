package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import java.util.Optional;

/// How the first person becomes admin: by a one-time link that the edge prints when it starts and has no
/// enabled admin. Each start makes a new one, good for a day. There is no default password.
public final class FirstAdmin {
    /// Of the welcome page, below the auth host's address; the token follows.
    public static final String PATH = "/cdn-cgi/access/signin/local/welcome?token=";

    private FirstAdmin() {}

    /// The link to print, a secret; empty when there is an admin.
    ///
    /// @param origin of the auth host, such as `https://auth.example.com`
    public static Optional<String> link(Invitations invitations, String origin)
            throws StateException {
        return invitations.firstAdmin().map(token -> origin + PATH + token);
    }
}
