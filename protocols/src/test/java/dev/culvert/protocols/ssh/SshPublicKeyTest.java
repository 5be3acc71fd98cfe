package dev.culvert.protocols.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SshPublicKeyTest {
    /// Made by `ssh-keygen`, with the fingerprint that `ssh-keygen -l` shows.
    private static final String LINE =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINEyFiO5V/1vPDXNuApuCt51QZO6udkctoGpYn11RxI1";

    private static final String FINGERPRINT = "SHA256:64YGBmY1I/Xox+GyY2dS1LxB7iR4PIzuqlK4vc540L8";

    @Test
    void readsALineWithAndWithoutAComment() throws ProtocolException {
        SshPublicKey key = SshPublicKey.ofLine(LINE);
        assertThat(SshPublicKey.ofLine("  " + LINE + " ann@laptop of hers\n")).isEqualTo(key);
        assertThat(key.type()).isEqualTo(SshKeyType.ED25519);
        assertThat(key.line()).isEqualTo(LINE);
        assertThat(key.fingerprint()).isEqualTo(FINGERPRINT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secp256r1", "secp384r1", "secp521r1"})
    void writesKeysOfTheJdkSoThatTheyAreReadAgain(String curve) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        for (int i = 0; i < 50; i++) {
            SshPublicKey key = SshPublicKey.of(generator.generateKeyPair().getPublic());
            assertThat(SshPublicKey.ofLine(key.line())).isEqualTo(key);
        }
    }

    @Test
    void writesEd25519KeysOfTheJdkSoThatTheyAreReadAgain()
            throws GeneralSecurityException, ProtocolException {
        SshPublicKey key =
                SshPublicKey.of(
                        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPublic());
        assertThat(SshPublicKey.ofLine(key.line())).isEqualTo(key);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh-ed25519",
                "ssh-ed25519 AAAA",
                "ssh-ed25519 A*AA",
                "restrict ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5/////w=="
            })
    void rejectsWhatIsNoKey(String line) {
        rejected(() -> SshPublicKey.ofLine(line));
    }

    @Test
    void rejectsASecondLine() {
        rejected(() -> SshPublicKey.ofLine(LINE + "\n" + LINE));
        rejected(() -> SshPublicKey.ofLine(LINE + " comment\nssh-rsa AAAA"));
    }

    @Test
    void rejectsALineThatIsTooLong() {
        rejected(() -> SshPublicKey.ofLine(LINE + " " + "x".repeat(SshPublicKey.MAX_LINE)));
    }

    @Test
    void rejectsAnotherTypeInFrontThanInTheKey() {
        assertThatThrownBy(() -> SshPublicKey.ofLine(LINE.replace("ssh-ed25519", "ssh-rsa")))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("public key: \"ssh-rsa\" (expected: ssh-ed25519, as in the key)");
    }

    @Test
    void rejectsACertificateInThePlaceOfAKey() {
        SshEncoder bytes = new SshEncoder().string("ssh-ed25519-cert-v01@openssh.com");
        rejected(() -> SshPublicKey.of(bytes.toBytes()));
    }

    @Test
    void rejectsWeakAndBrokenRsaKeys() {
        BigInteger e = BigInteger.valueOf(65537);
        BigInteger good = BigInteger.TWO.pow(2047).add(BigInteger.ONE);
        assertThat(rsa(e, good)).isNotNull();
        rejected(() -> SshPublicKey.of(rsaBytes(e, BigInteger.TWO.pow(2046).add(BigInteger.ONE))));
        rejected(() -> SshPublicKey.of(rsaBytes(e, good.add(BigInteger.ONE))));
        rejected(() -> SshPublicKey.of(rsaBytes(e, BigInteger.TWO.pow(20000).add(BigInteger.ONE))));
        rejected(() -> SshPublicKey.of(rsaBytes(BigInteger.ONE, good)));
        rejected(() -> SshPublicKey.of(rsaBytes(BigInteger.TWO, good)));
        rejected(() -> SshPublicKey.of(rsaBytes(e, good.negate())));
    }

    @Test
    void rejectsPointsThatAreNotOnTheCurve() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        byte[] bytes = SshPublicKey.of(generator.generateKeyPair().getPublic()).bytes();
        bytes[bytes.length - 1] ^= 1;
        rejected(() -> SshPublicKey.of(bytes));
    }

    @Test
    void rejectsThePointAtInfinityAndCompressedPoints() {
        for (byte[] point : new byte[][] {{0}, new byte[33], new byte[65], {}}) {
            byte[] bytes =
                    new SshEncoder()
                            .string("ecdsa-sha2-nistp256")
                            .string("nistp256")
                            .string(point)
                            .toBytes();
            rejected(() -> SshPublicKey.of(bytes));
        }
    }

    @Test
    void rejectsWhatIsCutOrGoesOn() throws ProtocolException {
        byte[] bytes = SshPublicKey.ofLine(LINE).bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            rejected(() -> SshPublicKey.of(cut));
        }
        rejected(() -> SshPublicKey.of(Arrays.copyOf(bytes, bytes.length + 1)));
    }

    private static void rejected(ThrowingCallable reading) {
        assertThatThrownBy(reading).isInstanceOf(ProtocolException.class);
    }

    private static SshPublicKey rsa(BigInteger e, BigInteger n) {
        try {
            return SshPublicKey.of(rsaBytes(e, n));
        } catch (ProtocolException failed) {
            throw new AssertionError(failed);
        }
    }

    private static byte[] rsaBytes(BigInteger e, BigInteger n) {
        return new SshEncoder().string("ssh-rsa").mpint(e).mpint(n).toBytes();
    }
}
