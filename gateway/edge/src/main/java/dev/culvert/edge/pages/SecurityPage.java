package dev.culvert.edge.pages;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One's own account at [Paths#ACCOUNT]. Immutable. Its forms are posted below that path:
///
/// | path | fields |
/// |---|---|
/// | `/password` | `current`, `password` |
/// | `/totp/begin` | |
/// | `/totp/finish` | `code` |
/// | `/totp/remove` | `password` |
/// | `/recovery-codes` | `password` (makes new ones) |
/// | `/passkeys/rename` | `id`, `name` |
/// | `/passkeys/remove` | `id` |
///
/// `passkeys.js` asks with JSON and the header `X-Csrf`: POST `/passkeys/options` for
/// `PublicKeyCredentialCreationOptionsJSON`, then POST `/passkeys/add` with
/// `{"name": …, "credential": RegistrationResponseJSON}` for `{"next": URL}`.
///
/// @param setup while an authenticator is being added, else null
/// @param totp whether one is in use
/// @param recoveryCodesLeft unused ones
/// @param freshRecoveryCodes shown this once; else empty
/// @param notice about `password`, `totp`, `recovery` or `passkeys`
public record SecurityPage(
        Viewer viewer,
        @Nullable TotpSetup setup,
        boolean totp,
        int recoveryCodesLeft,
        List<String> freshRecoveryCodes,
        List<Passkey> passkeys,
        int minimumPassword,
        @Nullable Notice notice)
        implements Page {
    public SecurityPage {
        freshRecoveryCodes = List.copyOf(freshRecoveryCodes);
        passkeys = List.copyOf(passkeys);
    }

    /// @param secret in base 32, to be typed
    /// @param uri `otpauth:`, shown as a QR code
    public record TotpSetup(String secret, String uri) {}

    /// @param lastUsed null when never
    public record Passkey(String id, String name, Instant added, @Nullable Instant lastUsed) {}

    /// The notice when it is about this part.
    public @Nullable Notice noticeOf(String part) {
        return notice != null && notice.about().equals(part) ? notice : null;
    }
}
