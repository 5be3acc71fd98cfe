package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/// The tokens that a browser's sign-in hands to a command line, and the answer of `/transfer/<public key>` that carries
/// them:
///
/// ```
/// service-public-key: <the sender's key, base64url>
///
/// base64( 24 bytes nonce │ box of {"app_token":"<jwt>","org_token":"<jwt>"} )
/// ```
///
/// Immutable.
///
/// @param appToken for the one application
/// @param orgToken for the auth host, which gives tokens of other applications for it
public record TokenTransfer(String appToken, String orgToken) {
    /// Name of the answer's field with the sender's key.
    public static final String KEY_FIELD = "service-public-key";

    /// Characters of an answer's body.
    public static final int MAX_BODY = 64 * 1024;

    /// An answer.
    ///
    /// @param key value of [#KEY_FIELD]
    public record Sealed(String key, String body) {}

    /// Seals the tokens so that only the owner of `receiver` reads them.
    ///
    /// @throws ProtocolException for a key that has no secret half
    public Sealed seal(BoxPublicKey receiver, SecureRandom random) throws ProtocolException {
        BoxKeyPair sender = BoxKeyPair.fresh(random);
        byte[] nonce = new byte[SecretBox.NONCE_BYTES];
        random.nextBytes(nonce);
        byte[] box = sender.with(receiver).seal(nonce, json().getBytes(StandardCharsets.UTF_8));
        byte[] body = ByteBuffer.allocate(nonce.length + box.length).put(nonce).put(box).array();
        return new Sealed(sender.publicKey().text(), Base64.getEncoder().encodeToString(body));
    }

    /// Reads what was sealed for `receiver`.
    ///
    /// @throws ProtocolException for anything else; never quotes what was inside
    public static TokenTransfer open(Sealed sealed, BoxKeyPair receiver) throws ProtocolException {
        BoxPublicKey sender = BoxPublicKey.parse(sealed.key().strip());
        byte[] body = decoded(sealed.body().strip());
        byte[] nonce = Arrays.copyOf(body, SecretBox.NONCE_BYTES);
        byte[] box = Arrays.copyOfRange(body, SecretBox.NONCE_BYTES, body.length);
        String json = new String(receiver.with(sender).open(nonce, box), StandardCharsets.UTF_8);
        FlatObject fields = FlatObject.parse("token transfer", json, MAX_BODY);
        return new TokenTransfer(
                fields.requiredText("app_token"), fields.requiredText("org_token"));
    }

    private static byte[] decoded(String base64) throws ProtocolException {
        byte[] body = new byte[0];
        try {
            if (base64.length() <= MAX_BODY) {
                body = Base64.getDecoder().decode(base64);
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        if (body.length < SecretBox.NONCE_BYTES + SecretBox.MAC_BYTES) {
            throw ProtocolException.of(
                    "token transfer",
                    base64.length() + " characters of another form",
                    "base64 of a nonce and a box, at most " + MAX_BODY + " characters");
        }
        return body;
    }

    private String json() {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("app_token", appToken);
        fields.put("org_token", orgToken);
        return FlatObject.format(fields);
    }

    /// Without the tokens.
    @Override
    public String toString() {
        return "TokenTransfer[]";
    }
}
