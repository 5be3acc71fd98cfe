package dev.culvert.protocols.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunnelCredentialsTest {
    private static final UUID TUNNEL = UUID.fromString("11111111-2222-3333-4444-555555555555");
    private static final byte[] SECRET =
            HexFormat.of()
                    .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    private static final String BASE64 = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    private static final String TOKEN =
            "eyJhIjoiYWNjdC10YWctdGVzdCIsInMiOiJBQUVDQXdRRkJnY0lDUW9MREEwT0R4QVJFaE1VRlJZWEdCa2FHeHdkSGg4PSIs"
                    + "InQiOiIxMTExMTExMS0yMjIyLTMzMzMtNDQ0NC01NTU1NTU1NTU1NTUifQ==";
    private static final String FILE =
            "{\"AccountTag\":\"acct-tag-test\",\"TunnelSecret\":\""
                    + BASE64
                    + "\",\"TunnelID\":\""
                    + TUNNEL
                    + "\"}";
    private static final TunnelCredentials CREDENTIALS =
            new TunnelCredentials("acct-tag-test", SECRET, TUNNEL, null);

    @Test
    void readsAndWritesTheTokenGivenToCloudflared() throws ProtocolException {
        assertThat(TunnelToken.parse(TOKEN)).isEqualTo(CREDENTIALS);
        assertThat(TunnelToken.parse(" " + TOKEN + "\r\n")).isEqualTo(CREDENTIALS);
        assertThat(TunnelToken.format(CREDENTIALS)).isEqualTo(TOKEN);
    }

    @Test
    void readsAndWritesACredentialsFile() throws ProtocolException {
        assertThat(TunnelCredentials.parse(FILE)).isEqualTo(CREDENTIALS);
        assertThat(TunnelCredentials.parse(FILE, TUNNEL)).isEqualTo(CREDENTIALS);
        assertThat(CREDENTIALS.format()).isEqualTo(FILE);
    }

    @Test
    void keepsTheEndpoint() throws ProtocolException {
        TunnelCredentials fed = new TunnelCredentials("a", SECRET, TUNNEL, "fed");
        assertThat(TunnelCredentials.parse(fed.format())).isEqualTo(fed);
        assertThat(TunnelToken.parse(TunnelToken.format(fed))).isEqualTo(fed);
    }

    @Test
    void readsAFileWithoutTunnelIdWhenTheTunnelIsNamed() throws ProtocolException {
        String old = FILE.replaceAll(",\"TunnelID\".*", "}");
        assertThat(TunnelCredentials.parse(old, TUNNEL)).isEqualTo(CREDENTIALS);
        assertThatThrownBy(() -> TunnelCredentials.parse(old))
                .hasMessage(
                        "credentials file field TunnelID: missing"
                                + " (expected: a UUID, or name the tunnel by its UUID)");
    }

    @Test
    void rejectsAFileOfAnotherTunnel() {
        UUID other = new UUID(1, 2);
        assertThatThrownBy(() -> TunnelCredentials.parse(FILE, other))
                .hasMessageContaining("TunnelID: " + TUNNEL)
                .hasMessageContaining(other.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "{", "{}", "[1]", "{\"AccountTag\":\"a\"}", "\"text\"", "12"})
    void rejectsWhatIsNoCredentialsFile(String json) {
        assertThatThrownBy(() -> TunnelCredentials.parse(json))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("expected: ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1-1-1-1-1",
                "11111111222233334444555555555555",
                "11111111-2222-3333-4444-55555555555g"
            })
    void rejectsATunnelIdOfAnotherForm(String id) {
        assertThatThrownBy(() -> TunnelCredentials.parse(FILE.replace(TUNNEL.toString(), id)))
                .hasMessageContaining("TunnelID")
                .hasMessageContaining("a UUID");
    }

    @Test
    void neverQuotesASecretItCannotRead() {
        // Without its padding, the last two characters, the token is still whole.
        for (int cut = 1; cut < TOKEN.length() - 2; cut++) {
            String token = TOKEN.substring(0, cut);
            assertThatThrownBy(() -> TunnelToken.parse(token))
                    .isInstanceOf(ProtocolException.class)
                    .hasNoCause()
                    .message()
                    .doesNotContain("AAEC", "QUVD", "Awd");
        }
        String broken = "{\"AccountTag\":\"a\",\"TunnelSecret\":" + BASE64 + "}";
        assertThatThrownBy(() -> TunnelCredentials.parse(broken))
                .hasNoCause()
                .message()
                .doesNotContain("AAEC");
        String alphabet = FILE.replace("AAEC", "AA-_");
        assertThatThrownBy(() -> TunnelCredentials.parse(alphabet))
                .hasMessage("TunnelSecret: not base64 (expected: base64 of the tunnel's secret)");
        assertThat(CREDENTIALS.toString())
                .doesNotContain("AAEC")
                .doesNotContain("[B@")
                .contains(TUNNEL.toString());
    }

    @Test
    void rejectsLengthsAboveTheirLimits() {
        assertThatThrownBy(() -> TunnelToken.parse("A".repeat(8193)))
                .hasMessageContaining("1 to 8192");
        assertThatThrownBy(() -> TunnelToken.parse(" ")).hasMessageContaining("0 characters");
        assertThatThrownBy(() -> TunnelCredentials.parse(" ".repeat(16385)))
                .hasMessageContaining("at most 16384");
        String longTag = FILE.replace("acct-tag-test", "a".repeat(257));
        assertThatThrownBy(() -> TunnelCredentials.parse(longTag))
                .hasMessageContaining("at most 256");
        String longSecret = FILE.replace(BASE64, Base64.getEncoder().encodeToString(new byte[257]));
        assertThatThrownBy(() -> TunnelCredentials.parse(longSecret))
                .hasMessageContaining("1 to 256 bytes");
    }

    @Test
    void readsATokenOfAnotherFieldOrder() throws ProtocolException {
        String json =
                "{\"t\":\""
                        + TUNNEL
                        + "\",\"e\":\"\",\"s\":\""
                        + BASE64
                        + "\",\"a\":\"acct-tag-test\",\"z\":[]}";
        String token = Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
        assertThat(TunnelToken.parse(token)).isEqualTo(CREDENTIALS);
    }
}
