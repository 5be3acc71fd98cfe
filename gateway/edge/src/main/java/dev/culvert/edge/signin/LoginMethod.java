package dev.culvert.edge.signin;

import java.io.IOException;

/// One way to sign in. Its name stands in policies (`login_method`), in addresses and in the audit log.
/// Thread-safe.
public interface LoginMethod {
    /// `local`, `pin`, or the provider's name in the configuration: `[a-z0-9-]+`.
    String name();

    /// What people read on its button.
    String title();

    Look look();

    /// One request below `/cdn-cgi/access/signin/<name>`. What changes something came by POST with the
    /// attempt's token, from this host. Blocking: virtual threads only.
    void handle(SignInExchange exchange) throws IOException, InterruptedException;

    /// How the sign-in page shows it.
    enum Look {
        /// E-mail and password, passkeys.
        PASSWORD,
        /// An e-mail address that a code is sent to.
        CODE,
        /// A button that leads to the provider.
        BUTTON
    }
}
