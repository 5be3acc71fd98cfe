package dev.culvert.protocols.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With the vectors of NaCl's own tests (`tests/box.c`, `core1.c`, `secretbox.c`) and of RFC 7748, section 6.1.
class BoxTest {
    private static final byte[] ALICE =
            hex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    private static final byte[] ALICE_PUBLIC =
            hex("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    private static final byte[] BOB =
            hex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    private static final byte[] BOB_PUBLIC =
            hex("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    private static final byte[] SHARED =
            hex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742");
    private static final byte[] FIRST_KEY =
            hex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static final byte[] NONCE = hex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");
    private static final byte[] TEXT =
            hex(
                    "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffc"
                            + "e5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
                            + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde"
                            + "048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
                            + "5e0705");
    private static final byte[] BOX =
            hex(
                    "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce"
                            + "48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
                            + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae"
                            + "90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
                            + "7973f622a43d14a6599b1f654cb45a74e355a5");

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    @Test
    void publicKeysAndTheSharedPointAreThoseOfTheVectors() throws Exception {
        assertThat(Curve25519.publicKey(ALICE)).isEqualTo(ALICE_PUBLIC);
        assertThat(Curve25519.publicKey(BOB)).isEqualTo(BOB_PUBLIC);
        assertThat(Curve25519.multiply(ALICE, BOB_PUBLIC)).isEqualTo(SHARED);
        assertThat(Box.hsalsa20(SHARED)).isEqualTo(FIRST_KEY);
    }

    @Test
    void eitherSideSealsAndOpensTheBoxOfTheVectors() throws Exception {
        SecretBox alice = BoxKeyPair.of(ALICE).with(new BoxPublicKey(BOB_PUBLIC));
        SecretBox bob = BoxKeyPair.of(BOB).with(new BoxPublicKey(ALICE_PUBLIC));
        assertThat(alice.seal(NONCE, TEXT)).isEqualTo(BOX);
        assertThat(bob.seal(NONCE, TEXT)).isEqualTo(BOX);
        assertThat(alice.open(NONCE, BOX)).isEqualTo(TEXT);
        assertThat(bob.open(NONCE, BOX)).isEqualTo(TEXT);
    }

    @Test
    void everyLengthAroundABlockOfTheCipherComesBack() throws Exception {
        SecretBox box = new SecretBox(FIRST_KEY);
        for (int length = 0; length < 200; length++) {
            byte[] text = Arrays.copyOf(TEXT, length);
            assertThat(box.open(NONCE, box.seal(NONCE, text))).isEqualTo(text);
        }
    }

    @Test
    void aChangeOfAnyBitIsRefused() {
        SecretBox box = new SecretBox(FIRST_KEY);
        for (int bit = 0; bit < BOX.length * 8; bit++) {
            byte[] changed = BOX.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThatThrownBy(() -> box.open(NONCE, changed))
                    .isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void aBoxThatIsCutIsRefused() {
        SecretBox box = new SecretBox(FIRST_KEY);
        for (int length = 0; length < BOX.length; length++) {
            byte[] cut = Arrays.copyOf(BOX, length);
            assertThatThrownBy(() -> box.open(NONCE, cut)).isInstanceOf(ProtocolException.class);
        }
    }

    @Test
    void anotherNonceAndAnotherKeyAreRefused() {
        byte[] otherNonce = NONCE.clone();
        otherNonce[23]++;
        assertThatThrownBy(() -> new SecretBox(FIRST_KEY).open(otherNonce, BOX))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> new SecretBox(SHARED).open(NONCE, BOX))
                .isInstanceOf(ProtocolException.class);
    }

    /// With these the shared key would be zero, whatever the secret is.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000000000000000000000000000000000000000000000000000000000000000",
                "0100000000000000000000000000000000000000000000000000000000000000",
                "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
                "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
            })
    void aKeyOfSmallOrderIsRefused(String point) {
        assertThatThrownBy(() -> BoxKeyPair.of(ALICE).with(new BoxPublicKey(hex(point))))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("small order");
    }
}
