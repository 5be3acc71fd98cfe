package dev.culvert.recording;

import dev.culvert.plugin.edge.PluginStore;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;

/// The key that an edge signs its recordings with. It is made once, and kept sealed in the edge's state.
///
/// Immutable; thread-safe.
public final class SigningKey {
    private static final String KIND = "key";
    private static final String NAME = "ed25519";

    /// Bytes of an Ed25519 `SubjectPublicKeyInfo`.
    private static final int PUBLIC_BYTES = 44;

    private final PrivateKey secret;
    private final PublicKey shown;

    private SigningKey(PrivateKey secret, PublicKey shown) {
        this.secret = secret;
        this.shown = shown;
    }

    /// The key of a state; makes it when there is none. Blocking.
    public static SigningKey of(PluginStore store) throws IOException {
        byte[] known = store.get(KIND, NAME).orElse(null);
        return read(known != null ? known : store.putIfAbsent(KIND, NAME, fresh(), true));
    }

    static SigningKey make() {
        try {
            return read(fresh());
        } catch (IOException e) {
            throw new IllegalStateException("it was made just now", e);
        }
    }

    /// Public key, then private key (PKCS #8): the one cannot be had from the other by what the JDK offers.
    private static byte[] fresh() {
        try {
            KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            byte[] open = pair.getPublic().getEncoded();
            byte[] secret = pair.getPrivate().getEncoded();
            byte[] both = Arrays.copyOf(open, PUBLIC_BYTES + secret.length);
            System.arraycopy(secret, 0, both, PUBLIC_BYTES, secret.length);
            return both;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    private static SigningKey read(byte[] both) throws IOException {
        try {
            if (both.length <= PUBLIC_BYTES) {
                throw new IllegalArgumentException("too short");
            }
            PrivateKey secret =
                    KeyFactory.getInstance("Ed25519")
                            .generatePrivate(
                                    new PKCS8EncodedKeySpec(
                                            Arrays.copyOfRange(both, PUBLIC_BYTES, both.length)));
            return new SigningKey(secret, PublicKey.ofEncoded(Arrays.copyOf(both, PUBLIC_BYTES)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException(
                    "the state's key for recordings cannot be read: restore the state from a backup",
                    e);
        }
    }

    public PublicKey publicKey() {
        return shown;
    }

    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Ed25519 is part of every JDK", e);
        }
    }

    /// Says the public half only.
    @Override
    public String toString() {
        return "SigningKey[" + shown.fingerprint() + "]";
    }
}
