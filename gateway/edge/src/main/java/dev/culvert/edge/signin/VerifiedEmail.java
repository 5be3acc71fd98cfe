package dev.culvert.edge.signin;

import dev.culvert.edge.identity.EmailAddress;
import org.jspecify.annotations.Nullable;

/// The address a provider vouches for: policies decide by it, so one that anybody could have typed in at
/// the provider must not count. Stateless.
final class VerifiedEmail {
    private VerifiedEmail() {}

    /// @return the address in the form that is kept
    static String of(@Nullable String written, boolean verified) throws ProviderException {
        String address = written == null ? null : EmailAddress.normal(written);
        if (address == null) {
            throw ProviderException.refused(
                    written == null ? "no e-mail address" : "an e-mail address that is none",
                    "It does not say your e-mail address, which is needed here.");
        }
        if (!verified) {
            throw ProviderException.refused(
                    "e-mail address is not verified",
                    "Your e-mail address is not verified there. Verify it, then sign in again.");
        }
        return address;
    }
}
