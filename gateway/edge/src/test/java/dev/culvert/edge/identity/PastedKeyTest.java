package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.state.StateException;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Keys as OpenSSH's `ssh-keygen` makes them, and what is near them.
final class PastedKeyTest {
    private static final String ED25519 =
            "AAAAC3NzaC1lZDI1NTE5AAAAIDesLAd4d/yPlTv1vMhpHcOCPxTE+HLX0SeKpDPmLcHr";

    /// A key of this kind, with parts that follow its name.
    static String line(String type, byte[]... parts) {
        int size = Arrays.stream(parts).mapToInt(part -> 4 + part.length).sum();
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        ByteBuffer blob = ByteBuffer.allocate(4 + name.length + size).putInt(name.length).put(name);
        for (byte[] part : parts) {
            blob.putInt(part.length).put(part);
        }
        return type + " " + Base64.getEncoder().encodeToString(blob.array());
    }

    /// An Ed25519 key whose bytes are all of this value.
    public static String ed25519(int value) {
        byte[] point = new byte[32];
        Arrays.fill(point, (byte) value);
        return line("ssh-ed25519", point);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] point(int fieldBytes) {
        byte[] point = new byte[1 + 2 * fieldBytes];
        point[0] = 4;
        return point;
    }

    /// Positive, of so many bits.
    private static byte[] integer(int bits) {
        byte[] number = new byte[bits / 8 + 1];
        number[1] = (byte) 0x80;
        number[number.length - 1] = 1;
        return number;
    }

    private static void assertRefused(String text, String message) {
        assertThatThrownBy(() -> PastedKey.parse(text))
                .isInstanceOf(StateException.class)
                .hasMessageContaining(message);
    }

    @Test
    void readsTheLineOfAFileWithItsComment() throws Exception {
        PastedKey key = PastedKey.parse("  ssh-ed25519 " + ED25519 + "  ann@laptop of Ann \r\n");

        assertThat(key.key().type()).isEqualTo(SshKeyType.ED25519);
        assertThat(key.comment()).isEqualTo("ann@laptop of Ann");
        assertThat(key.key().bytes()).isEqualTo(Base64.getDecoder().decode(ED25519));
    }

    @Test
    void theFingerprintIsThatOfSshKeygen() throws Exception {
        assertThat(PastedKey.parse("ssh-ed25519 " + ED25519).key().fingerprint())
                .isEqualTo("SHA256:4z5MZ/rAGHd0QECZ5Gsg2LZfxSUsyVjhI6CwB/zjY5E");
    }

    @Test
    void takesEveryKindThatPeopleMake() throws Exception {
        byte[] exponent = {1, 0, 1};
        for (String line :
                List.of(
                        ed25519(7),
                        ecdsa("secp256r1"),
                        ecdsa("secp384r1"),
                        ecdsa("secp521r1"),
                        line("sk-ssh-ed25519@openssh.com", new byte[32], ascii("ssh:")),
                        line("ssh-rsa", exponent, integer(2048)),
                        line("ssh-rsa", exponent, integer(4096)))) {
            assertThat(PastedKey.parse(line + " comment").key().line()).isEqualTo(line);
        }
    }

    private static String ecdsa(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        return SshPublicKey.of(generator.generateKeyPair().getPublic()).line();
    }

    @Test
    void weakAndOldKindsAreRefusedByName() {
        byte[] exponent = {1, 0, 1};
        assertRefused(
                line("ssh-rsa", exponent, integer(1024)),
                "1024 bits (expected: 2048 to 16384 bits)");
        assertRefused(line("ssh-dss", new byte[20]), "\"ssh-dss\" are not taken");
        assertRefused(line("ssh-ed25519-cert-v01@openssh.com", new byte[32]), "a certificate");
    }

    @Test
    void whatIsInsideHasToBeOfTheKindThatStandsBefore() {
        byte[] exponent = {1, 0, 1};
        for (String line :
                List.of(
                        "ssh-rsa " + ED25519,
                        line("ssh-ed25519", new byte[31]),
                        line("ssh-ed25519", new byte[32], new byte[1]),
                        line("ecdsa-sha2-nistp256", ascii("nistp384"), point(32)),
                        line("ecdsa-sha2-nistp256", ascii("nistp256"), new byte[65]),
                        line("ecdsa-sha2-nistp384", ascii("nistp384"), point(32)),
                        line("sk-ssh-ed25519@openssh.com", new byte[32]),
                        line("ssh-rsa", new byte[] {2}, integer(2048)),
                        line("ssh-rsa", new byte[] {1}, integer(2048)),
                        line("ssh-rsa", exponent, new byte[0]),
                        line("ssh-rsa", exponent, new byte[] {-1, 0}),
                        line("ssh-rsa", exponent, integer(32_768)))) {
            assertRefused(line, "damaged or too weak");
        }
    }

    @Test
    void aKeyThatWasCutAnywhereIsRefused() {
        for (int length = 1; length < ED25519.length(); length++) {
            String cut = "ssh-ed25519 " + ED25519.substring(0, length);
            assertRefused(cut, "damaged or too weak");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh-ed25519",
                "ssh-ed25519 " + ED25519 + "\nssh-ed25519 " + ED25519,
                "no words"
            })
    void whatIsNoLineOfAKeyIsRefused(String text) {
        assertThatThrownBy(() -> PastedKey.parse(text)).isInstanceOf(StateException.class);
    }

    @Test
    void aPrivateKeyIsNotRepeated() {
        String text = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r\n";
        assertThatThrownBy(() -> PastedKey.parse(text))
                .hasMessageContaining("private key")
                .satisfies(e -> assertThat(e.toString()).doesNotContain("b3Blb"));
    }
}
