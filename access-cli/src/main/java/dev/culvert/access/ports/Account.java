package dev.culvert.access.ports;

import dev.culvert.access.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who this user is to the edges. Blocking.
public interface Account {
    /// The one whose tokens are in this user's files.
    static Account of(Way way) {
        return new TokenAccount(way);
    }

    /// The applications this user may use, of every auth host that was signed in to; none without a login.
    List<App> apps() throws Problem;

    /// Signs in to the application of a service; waits for a person.
    ///
    /// @param url address of the service
    void login(String url) throws Problem;

    /// Ends sessions.
    ///
    /// @param url address of a service whose auth host is meant, or null for all
    /// @return the auth hosts
    List<String> logout(@Nullable String url) throws Problem;
}
