package dev.culvert.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Against certificates that `ssh-keygen -s` has made, one for each type of key.
class SshCertificateTest {
    private static final SshPublicKey CURVE_KEY = keyOf("ssh-ed25519-cert-v01@openssh.com");

    static Stream<String> lines() throws IOException {
        try (InputStream in = SshCertificateTest.class.getResourceAsStream("certificates.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
        }
    }

    @ParameterizedTest
    @MethodSource("lines")
    void whatWasReadIsWrittenWithTheSameBytes(String line) throws ProtocolException {
        byte[] bytes = bytes(line);
        SshCertificate read = SshCertificate.of(bytes);
        SshDecoder in = new SshDecoder("vector", bytes);
        in.string("type");
        byte[] nonce = in.string("nonce");
        byte[] again = read.sign(nonce, signed -> signature(bytes, signed));
        assertThat(again).isEqualTo(bytes);
        assertThat(read.line(again)).isEqualTo(line);
    }

    /// What follows the signed bytes, without its length.
    private static byte[] signature(byte[] whole, byte[] signed) {
        assertThat(whole).startsWith(signed);
        return Arrays.copyOfRange(whole, signed.length + Integer.BYTES, whole.length);
    }

    @Test
    void readsWhatSshKeygenWasTold() throws ProtocolException, IOException {
        SshCertificate read = SshCertificate.ofLine(line("ssh-rsa-cert-v01@openssh.com"));
        assertThat(read.use()).isEqualTo(SshCertificate.Use.USER);
        assertThat(read.key().type()).isEqualTo(SshKeyType.RSA);
        assertThat(Long.toUnsignedString(read.serial())).isEqualTo("18446744073709551615");
        assertThat(read.id()).isEqualTo("ann@example.com rsa");
        assertThat(read.principals()).containsExactly("ann", "deploy");
        assertThat(read.validAfter()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(read.validBefore()).isEqualTo(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(read.criticalOptions()).isEqualTo(Map.of("force-command", "internal-sftp"));
        assertThat(read.extensions())
                .isEqualTo(Map.of("permit-pty", "", "session@culvert.dev", "0b9f"));
        assertThat(read.authority().type()).isEqualTo(SshKeyType.ED25519);
    }

    @Test
    void readsOneOfAHostForEver() throws ProtocolException, IOException {
        SshCertificate read = SshCertificate.ofLine(lines().toList().getLast());
        assertThat(read.use()).isEqualTo(SshCertificate.Use.HOST);
        assertThat(read.principals()).containsExactly("build.example.com");
        assertThat(read.validAfter()).isEqualTo(Instant.EPOCH);
        assertThat(read.validBefore()).isEqualTo(SshCertificate.FOREVER);
        assertThat(read.authority().type()).isEqualTo(SshKeyType.ECDSA_256);
    }

    @ParameterizedTest
    @MethodSource("lines")
    void rejectsWhatIsCutAtAnyByte(String line) {
        byte[] bytes = bytes(line);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> SshCertificate.of(cut)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void rejectsBytesBehindIt() throws IOException {
        byte[] bytes = bytes(line("ssh-ed25519-cert-v01@openssh.com"));
        assertThatThrownBy(() -> SshCertificate.of(Arrays.copyOf(bytes, bytes.length + 1)))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("certificate: 1 bytes more (expected: its end)");
    }

    @Test
    void rejectsAKeyThatIsNoCertificate() {
        assertThatThrownBy(() -> SshCertificate.ofLine(CURVE_KEY.line()))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(
                        "\"ssh-ed25519\" (expected: ssh-ed25519-cert-v01@openssh.com)");
    }

    @Test
    void rejectsOptionsThatComeTwice() {
        byte[] twice = new SshEncoder().string("a").string("").string("a").string("").toBytes();
        byte[] bytes = withExtensions(twice);
        assertThatThrownBy(() -> SshCertificate.of(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("names in their order");
    }

    @Test
    void rejectsAnotherKindThanUserAndHost() {
        byte[] bytes = head().uint64(1).uint32(3).toBytes();
        assertThatThrownBy(() -> SshCertificate.of(bytes))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("3 (expected: 1 (user) or 2 (host))");
    }

    @Test
    void optionsAreWrittenInTheirOrder() throws ProtocolException {
        Map<String, String> options = new TreeMap<>(Map.of("permit-pty", "", "a@b", "x"));
        SshCertificate made =
                new SshCertificate(
                        CURVE_KEY,
                        SshCertificate.Use.USER,
                        1,
                        "id",
                        List.of(),
                        Instant.EPOCH,
                        SshCertificate.FOREVER,
                        new TreeMap<>(),
                        new TreeMap<>(options),
                        CURVE_KEY);
        assertThat(SshCertificate.of(made.sign(new byte[32], bytes -> new byte[1])))
                .isEqualTo(made);
    }

    private static byte[] withExtensions(byte[] packed) {
        return head().uint64(1)
                .uint32(1)
                .string("id")
                .string("")
                .uint64(0)
                .uint64(-1)
                .string("")
                .string(packed)
                .string("")
                .string(CURVE_KEY.bytes())
                .string("")
                .toBytes();
    }

    private static SshEncoder head() {
        return new SshEncoder()
                .string("ssh-ed25519-cert-v01@openssh.com")
                .string(new byte[32])
                .raw(CURVE_KEY.fields());
    }

    private static SshPublicKey keyOf(String type) {
        try {
            return SshCertificate.ofLine(line(type)).key();
        } catch (ProtocolException | IOException e) {
            throw new AssertionError(e);
        }
    }

    private static String line(String type) throws IOException {
        return lines().filter(line -> line.startsWith(type + " ")).findFirst().orElseThrow();
    }

    private static byte[] bytes(String line) {
        return Base64.getDecoder().decode(line.split(" ")[1]);
    }
}
