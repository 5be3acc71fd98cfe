package dev.culvert.edge.identity;

import com.webauthn4j.WebAuthnManager;
import com.webauthn4j.converter.AttestationObjectConverter;
import com.webauthn4j.converter.util.ObjectConverter;
import com.webauthn4j.credential.CredentialRecord;
import com.webauthn4j.credential.CredentialRecordImpl;
import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.AuthenticationParameters;
import com.webauthn4j.data.PublicKeyCredentialParameters;
import com.webauthn4j.data.PublicKeyCredentialType;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.RegistrationParameters;
import com.webauthn4j.data.attestation.statement.COSEAlgorithmIdentifier;
import com.webauthn4j.data.client.Origin;
import com.webauthn4j.data.client.challenge.DefaultChallenge;
import com.webauthn4j.server.ServerProperty;
import com.webauthn4j.util.exception.WebAuthnException;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// The auth host as WebAuthn sees it: checks what authenticators answer (Web Authentication Level 3,
/// sections 7.1 and 7.2). The relying party is the host; the origin is the `https` address the request came
/// to, whose port what is in front of the edge may have changed.
/// The user must have been verified; what make the authenticator is does not matter.
///
/// Immutable; thread-safe.
final class RelyingParty {
    private static final List<COSEAlgorithmIdentifier> ALGORITHMS =
            List.of(
                    COSEAlgorithmIdentifier.ES256,
                    COSEAlgorithmIdentifier.EdDSA,
                    COSEAlgorithmIdentifier.RS256);

    private final ObjectConverter converter = new ObjectConverter();
    private final WebAuthnManager webauthn =
            WebAuthnManager.createNonStrictWebAuthnManager(converter);
    private final AttestationObjectConverter attestations =
            new AttestationObjectConverter(converter);
    private final String host;

    RelyingParty(String host) {
        this.host = host;
    }

    /// The relying party's id.
    String id() {
        return host;
    }

    static List<Long> algorithms() {
        return ALGORITHMS.stream().map(COSEAlgorithmIdentifier::getValue).toList();
    }

    /// @param json what the browser made of `navigator.credentials.create`
    /// @param authority of the request
    RegistrationData registered(String json, byte[] challenge, String authority)
            throws StateException {
        try {
            return webauthn.verifyRegistrationResponseJSON(
                    json,
                    new RegistrationParameters(
                            server(challenge, authority),
                            ALGORITHMS.stream()
                                    .map(algorithm ->
                                            new PublicKeyCredentialParameters(
                                                    PublicKeyCredentialType.PUBLIC_KEY, algorithm))
                                    .toList(),
                            true,
                            true));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /// @param json what the browser made of `navigator.credentials.get`
    AuthenticationData parsed(String json) throws StateException {
        try {
            return webauthn.parseAuthenticationResponseJSON(json);
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    /// @param attestation what the credential was registered with
    /// @param signCount the highest it has signed with
    /// @param authority of the request
    void check(
            AuthenticationData answer,
            byte[] attestation,
            long signCount,
            byte[] challenge,
            String authority)
            throws StateException {
        try {
            CredentialRecord record =
                    new CredentialRecordImpl(
                            Objects.requireNonNull(attestations.convert(attestation)),
                            null,
                            null,
                            null);
            record.setCounter(signCount);
            webauthn.verify(
                    answer,
                    new AuthenticationParameters(
                            server(challenge, authority), record, null, true, true));
        } catch (RuntimeException e) {
            throw refused(e);
        }
    }

    private ServerProperty server(byte[] challenge, String authority) {
        if (!authority.replaceFirst(":\\d+$", "").equals(host)) {
            throw new IllegalArgumentException("not the auth host: " + authority);
        }
        return ServerProperty.builder()
                .origins(Set.of(new Origin("https://" + authority)))
                .rpId(host)
                .challenge(new DefaultChallenge(challenge))
                .build();
    }

    /// The library's own sentences name no secret. What it cannot read at all it meets with exceptions of
    /// all kinds, also of its JSON reader.
    private static StateException refused(RuntimeException e) {
        return new StateException(
                Code.INVALID,
                "the passkey's answer was not accepted: "
                        + (e instanceof WebAuthnException ? e.getMessage() : "it cannot be read"),
                "try again; if it stays so, sign in another way and add the passkey anew",
                e);
    }
}
