package dev.culvert.edge.signin;

import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.Nonce;
import org.jspecify.annotations.Nullable;

/// One way of a browser to a provider and back, as its attempt remembers it: the answer belongs to the
/// question (`state`), the ID token to it too (`nonce`), and only who asked can use the code (PKCE,
/// RFC 7636). Immutable.
///
/// @param provider name of the login method
record Flow(String provider, State state, Nonce nonce, CodeVerifier verifier) {

    static Flow begin(String provider) {
        return new Flow(provider, new State(), new Nonce(), new CodeVerifier());
    }

    /// Text of [#toNote], or null for none.
    static @Nullable Flow ofNote(@Nullable String note) {
        if (note == null) {
            return null;
        }
        String[] parts = note.split(" ", -1);
        return new Flow(
                parts[0], new State(parts[1]), new Nonce(parts[2]), new CodeVerifier(parts[3]));
    }

    String toNote() {
        return String.join(" ", provider, state.getValue(), nonce.getValue(), verifier.getValue());
    }

    @Override
    public String toString() {
        return "Flow[" + provider + "]";
    }
}
