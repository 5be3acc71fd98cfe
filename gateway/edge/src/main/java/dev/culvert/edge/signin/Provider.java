package dev.culvert.edge.signin;

import dev.culvert.policy.Identity;
import java.net.URI;

/// A provider as the edge talks to it; [ProviderLogin] has the browser's part. Thread-safe; blocking:
/// virtual threads only.
interface Provider {
    ProviderConfig config();

    /// Where the browser is sent to sign in.
    ///
    /// @param back where the provider sends it afterwards
    URI authorization(Flow flow, URI back) throws ProviderException;

    /// Who it was.
    ///
    /// @param answer what the browser brought back; it belongs to the flow
    Identity identity(Flow flow, URI back, Answer answer) throws ProviderException;

    /// What the browser brings back when it was not an error.
    ///
    /// @param issuer of RFC 9207; empty when the provider did not say it
    record Answer(String code, String issuer) {
        @Override
        public String toString() {
            return "Answer[issuer=" + issuer + "]";
        }
    }
}
