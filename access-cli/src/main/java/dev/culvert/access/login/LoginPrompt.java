package dev.culvert.access.login;

import java.net.URI;

/// Tells a person what to do for a login. Called by the thread that waits for it.
public interface LoginPrompt {
    /// A page is to be opened, and the code that it shows compared with this one.
    ///
    /// @param app the service
    /// @param authHost who signs in there
    void signIn(String app, String authHost, URI page, String code);

    /// Another process is at it already.
    void othersSignIn(String authHost, URI page);
}
