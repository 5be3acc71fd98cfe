package dev.culvert.edge.pages;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ways in. Immutable.
///
/// @param application name of what is being opened, null when nothing in particular
/// @param host where it is, null likewise
/// @param methods in the order shown
/// @param csrf the attempt's
/// @param message what went wrong, null when nothing has
/// @param email filled in, may be empty
/// @param passkey null where no passkey can be used
public record SignInPage(
        @Nullable String application,
        @Nullable String host,
        List<Method> methods,
        String csrf,
        @Nullable String message,
        String email,
        @Nullable Passkey passkey)
        implements Page {
    public SignInPage {
        methods = List.copyOf(methods);
    }

    /// What a way in looks like.
    public enum Look {
        /// A form, posted to the URL: `email`, `password`, `csrf`.
        PASSWORD,
        /// A form that asks for a code by mail, posted to the URL: `email`, `csrf`.
        CODE,
        /// A link to the URL (GET, since a posted form must not lead to another origin).
        BUTTON
    }

    /// @param name the login method's
    /// @param title shown, such as `Example Ltd`
    public record Method(String name, String title, Look look, String url) {}

    /// Both are asked by `passkeys.js` with POST, JSON and the header `X-Csrf`. A refusal is
    /// `{"error": {"message": …, "next": …}}`.
    ///
    /// @param optionsUrl gives `PublicKeyCredentialRequestOptionsJSON`
    /// @param finishUrl takes `AuthenticationResponseJSON`, gives `{"next": URL}`
    public record Passkey(String optionsUrl, String finishUrl) {}
}
