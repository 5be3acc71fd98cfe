package dev.culvert.access;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshEncoder;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;

/// `cert_sign` of an auth host: signs for five minutes, for whoever has a good token.
final class CertificateSigner {
    private final KeyPair pair;
    private final Predicate<String> tokens;
    final Queue<FlatObject> requests = new ConcurrentLinkedQueue<>();

    /// What a test may change.
    volatile List<String> principals = List.of("ann", "deploy");

    volatile int status = 200;
    volatile boolean signsAnotherKey;

    CertificateSigner(Predicate<String> tokens) {
        this.tokens = tokens;
        this.pair = newPair();
    }

    private static KeyPair newPair() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    SshPublicKey authority() {
        return SshPublicKey.of(pair.getPublic());
    }

    void answer(TestEdge.Peer peer) throws IOException {
        try {
            FlatObject request = FlatObject.parse("body", peer.readBody(), 16 * 1024);
            requests.add(request);
            if (!tokens.test(request.requiredText("jwt"))) {
                refuse(peer, 401, "the token is not good");
            } else if (status != 200) {
                refuse(peer, status, "no login name for ann@example.com");
            } else {
                SshPublicKey key = SshPublicKey.ofLine(request.requiredText("public_key"));
                SshPublicKey signed =
                        signsAnotherKey ? SshPublicKey.of(newPair().getPublic()) : key;
                write(peer, 200, FlatObject.format(Map.of("certificate", line(signed) + "\n")));
            }
        } catch (ProtocolException e) {
            throw new IOException(e);
        }
    }

    private String line(SshPublicKey key) {
        Instant now = Instant.ofEpochSecond(Instant.now().getEpochSecond());
        SshCertificate made =
                new SshCertificate(
                        key,
                        SshCertificate.Use.USER,
                        1,
                        "ann@example.com",
                        principals,
                        now.minusSeconds(60),
                        now.plusSeconds(300),
                        new TreeMap<>(),
                        new TreeMap<>(Map.of("permit-pty", "")),
                        authority());
        return made.line(made.sign(new byte[32], this::signature));
    }

    private byte[] signature(byte[] bytes) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(pair.getPrivate());
            signature.update(bytes);
            return new SshEncoder().string("ssh-ed25519").string(signature.sign()).toBytes();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static void refuse(TestEdge.Peer peer, int code, String message) throws IOException {
        write(
                peer,
                code,
                "{\"status\":" + code + ",\"message\":\"" + message + "\",\"next\":\"do this\"}");
    }

    private static void write(TestEdge.Peer peer, int code, String body) throws IOException {
        peer.raw(
                ("HTTP/1.1 "
                                + code
                                + " X\r\nContent-Length: "
                                + body.length()
                                + "\r\nConnection: close\r\n\r\n"
                                + body)
                        .getBytes(StandardCharsets.UTF_8));
    }
}
