package dev.culvert.edge.identity;

import dev.culvert.edge.state.Digests;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A browser with one passkey of ES256, written from Web Authentication Level 3 (sections 5.8.1, 6.1 and
/// 6.5) rather than with the library under test. Each thing a dishonest one would change can be changed.
public final class SoftwareAuthenticator {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USER_PRESENT = 0x01;
    private static final int USER_VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final KeyPair keys;
    private final byte[] credentialId;
    public String origin;
    public String rpId;
    public boolean verifiesUser = true;
    public int signCount;

    /// @param authority of the auth host
    public SoftwareAuthenticator(String authority) throws GeneralSecurityException {
        this("https://" + authority, authority.replaceFirst(":.*", ""), random());
    }

    private SoftwareAuthenticator(String origin, String rpId, byte[] credentialId)
            throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        this.keys = generator.generateKeyPair();
        this.origin = origin;
        this.rpId = rpId;
        this.credentialId = credentialId;
    }

    private static byte[] random() {
        byte[] random = new byte[32];
        new SecureRandom().nextBytes(random);
        return random;
    }

    /// Claims to be this passkey without having its private key.
    SoftwareAuthenticator withOtherKeys() throws GeneralSecurityException {
        SoftwareAuthenticator other = new SoftwareAuthenticator(origin, rpId, credentialId);
        other.signCount = signCount;
        return other;
    }

    public String id() {
        return base64(credentialId);
    }

    /// The credential of `navigator.credentials.create`, as JSON.
    public String create(UUID user, byte[] challenge) {
        ByteArrayOutputStream attestation = new ByteArrayOutputStream();
        byte[] data = authenticatorData(ATTESTED, attestedCredential());
        attestation.write(0xa3);
        text(attestation, "fmt");
        text(attestation, "none");
        text(attestation, "attStmt");
        attestation.write(0xa0);
        text(attestation, "authData");
        bytes(attestation, data);
        ObjectNode credential = credential();
        credential
                .putObject("response")
                .put("clientDataJSON", base64(clientData("webauthn.create", challenge)))
                .put("attestationObject", base64(attestation.toByteArray()))
                .putArray("transports")
                .add("internal");
        return credential.toString();
    }

    /// The credential of `navigator.credentials.get`, as JSON.
    public String get(UUID user, byte[] challenge) throws GeneralSecurityException {
        signCount++;
        byte[] data = authenticatorData(0, new byte[0]);
        byte[] client = clientData("webauthn.get", challenge);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(keys.getPrivate());
        signature.update(data);
        signature.update(Digests.sha256().digest(client));
        ObjectNode credential = credential();
        credential
                .putObject("response")
                .put("clientDataJSON", base64(client))
                .put("authenticatorData", base64(data))
                .put("signature", base64(signature.sign()))
                .put("userHandle", base64(handle(user)));
        return credential.toString();
    }

    private ObjectNode credential() {
        ObjectNode credential =
                JSON.createObjectNode()
                        .put("id", id())
                        .put("rawId", id())
                        .put("type", "public-key")
                        .put("authenticatorAttachment", "platform");
        credential.putObject("clientExtensionResults");
        return credential;
    }

    private byte[] clientData(String type, byte[] challenge) {
        return JSON.createObjectNode()
                .put("type", type)
                .put("challenge", base64(challenge))
                .put("origin", origin)
                .put("crossOrigin", false)
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private byte[] authenticatorData(int flags, byte[] attested) {
        byte[] rpIdHash = Digests.sha256().digest(rpId.getBytes(StandardCharsets.UTF_8));
        return ByteBuffer.allocate(37 + attested.length)
                .put(rpIdHash)
                .put((byte) (flags | USER_PRESENT | (verifiesUser ? USER_VERIFIED : 0)))
                .putInt(signCount)
                .put(attested)
                .array();
    }

    private byte[] attestedCredential() {
        ECPublicKey key = (ECPublicKey) keys.getPublic();
        ByteArrayOutputStream cose = new ByteArrayOutputStream();
        cose.writeBytes(new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21});
        bytes(cose, coordinate(key.getW().getAffineX()));
        cose.write(0x22);
        bytes(cose, coordinate(key.getW().getAffineY()));
        return ByteBuffer.allocate(18 + credentialId.length + cose.size())
                .put(new byte[16])
                .putShort((short) credentialId.length)
                .put(credentialId)
                .put(cose.toByteArray())
                .array();
    }

    private static byte[] coordinate(BigInteger number) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, bytes.length);
        System.arraycopy(bytes, bytes.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static void text(ByteArrayOutputStream cbor, String text) {
        cbor.write(0x60 | text.length());
        cbor.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void bytes(ByteArrayOutputStream cbor, byte[] bytes) {
        cbor.write(0x58);
        cbor.write(bytes.length);
        cbor.writeBytes(bytes);
    }

    private static byte[] handle(UUID user) {
        return ByteBuffer.allocate(16)
                .putLong(user.getMostSignificantBits())
                .putLong(user.getLeastSignificantBits())
                .array();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
