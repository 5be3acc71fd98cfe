package dev.culvert.protocols.box;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTransferTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final TokenTransfer TOKENS = new TokenTransfer("a.b.c", "d.e.f");

    private final BoxKeyPair client = BoxKeyPair.fresh(RANDOM);

    @Test
    void theOwnerOfTheKeyReadsWhatWasSealedForIt() throws Exception {
        TokenTransfer.Sealed sealed =
                TOKENS.seal(BoxPublicKey.parse(client.publicKey().text()), RANDOM);
        assertThat(TokenTransfer.open(sealed, client)).isEqualTo(TOKENS);
        assertThat(sealed.body()).doesNotContain("a.b.c");
        assertThat(TOKENS.seal(client.publicKey(), RANDOM)).isNotEqualTo(sealed);
    }

    @Test
    void nobodyElseReadsIt() throws Exception {
        TokenTransfer.Sealed sealed = TOKENS.seal(client.publicKey(), RANDOM);
        assertThatThrownBy(() -> TokenTransfer.open(sealed, BoxKeyPair.fresh(RANDOM)))
                .isInstanceOf(ProtocolException.class);
        String otherKey = BoxKeyPair.fresh(RANDOM).publicKey().text();
        assertThatThrownBy(() ->
                        TokenTransfer.open(
                                new TokenTransfer.Sealed(otherKey, sealed.body()), client))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "AAAA", "not base64!", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    void aBodyOfAnotherFormIsRefused(String body) {
        String key = BoxKeyPair.fresh(RANDOM).publicKey().text();
        assertThatThrownBy(() -> TokenTransfer.open(new TokenTransfer.Sealed(key, body), client))
                .isInstanceOf(ProtocolException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "[]", "{\"app_token\":\"secret\"}", "{\"app_token\":\"secret\""})
    void aTransferWithoutBothTokensIsRefusedAndNotQuoted(String json) throws Exception {
        BoxKeyPair sender = BoxKeyPair.fresh(RANDOM);
        byte[] nonce = new byte[SecretBox.NONCE_BYTES];
        byte[] box =
                sender.with(client.publicKey()).seal(nonce, json.getBytes(StandardCharsets.UTF_8));
        byte[] body = new byte[nonce.length + box.length];
        System.arraycopy(box, 0, body, nonce.length, box.length);
        TokenTransfer.Sealed sealed =
                new TokenTransfer.Sealed(
                        sender.publicKey().text(), Base64.getEncoder().encodeToString(body));
        assertThatThrownBy(() -> TokenTransfer.open(sealed, client))
                .isInstanceOf(ProtocolException.class)
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "AAAA",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                // Bits beyond the 32nd byte: a second spelling of the first key.
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/AA="
            })
    void onlyOneSpellingOfAPublicKeyIsTaken(String text) {
        assertThatThrownBy(() -> BoxPublicKey.parse(text)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void theCodeIsShortReadableAndOfTheKey() throws Exception {
        ConfirmationCode code = ConfirmationCode.of(client.publicKey());
        assertThat(code.text()).matches("[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}");
        assertThat(ConfirmationCode.of(BoxPublicKey.parse(client.publicKey().text())))
                .isEqualTo(code);
        assertThat(ConfirmationCode.of(BoxKeyPair.fresh(RANDOM).publicKey())).isNotEqualTo(code);
        assertThat(ConfirmationCode.of(new BoxPublicKey(new byte[32]))).hasToString("MYBZ-BH2C");
    }

    @Test
    void nothingThatIsPrintedHoldsASecret() throws Exception {
        assertThat(TOKENS.toString()).doesNotContain("a.b.c", "d.e.f");
        assertThat(client.toString()).contains(client.publicKey().text()).hasSizeLessThan(60);
    }
}
