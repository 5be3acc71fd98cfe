package dev.culvert.protocols.configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigurationBodyTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 7, Integer.MAX_VALUE})
    void carriesAnUpdate(int version) throws ProtocolException {
        String config = "{\"ingress\":[{\"service\":\"http_status:404\"}],\"\u00e4\":\"\\u0000\"}";
        byte[] body = ConfigurationBody.encode(new UpdateConfiguration(version, bytes(config)));
        assertThat(text(body)).isEqualTo("{\"version\":" + version + ",\"config\":" + config + "}");
        UpdateConfiguration update = ConfigurationBody.decode(body);
        assertThat(update.version()).isEqualTo(version);
        assertThat(text(update.json())).isEqualTo(config);
    }

    @Test
    void takesFieldsInAnyOrderAndIgnoresOthers() throws ProtocolException {
        UpdateConfiguration update =
                ConfigurationBody.decode(
                        bytes(
                                " {\"x\":[{}], \"config\": {\"a\" : 1.5}, \"y\":null,\"version\":3} "));
        assertThat(update.version()).isEqualTo(3);
        assertThat(text(update.json())).isEqualTo("{\"a\":1.5}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "1",
                "{}",
                "{\"version\":1}",
                "{\"config\":{}}",
                "{\"version\":\"1\",\"config\":{}}",
                "{\"version\":1.5,\"config\":{}}",
                "{\"version\":2147483648,\"config\":{}}",
                "{\"version\":1,\"config\":[]}",
                "{\"version\":1,\"config\":null}",
                "{\"version\":1,\"config\":{}} x",
                "{\"version\":1,\"config\":{}}{}",
                "{\"version\":1,\"config\":{\"a\"}}",
                "{\"version\":1,\"config\":{}"
            })
    void rejectsWhatIsNoUpdate(String body) {
        assertThatThrownBy(() -> ConfigurationBody.decode(bytes(body)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("expected: ");
    }

    @Test
    void doesNotQuoteWhatItRejects() {
        assertThatThrownBy(
                        () -> ConfigurationBody.decode(bytes("{\"version\":1,\"config\":secret}")))
                .message()
                .doesNotContain("secret");
    }

    @Test
    void rejectsWhatIsTooDeepOrTooLong() {
        String deep = "{\"a\":".repeat(70) + "1" + "}".repeat(70);
        assertThatThrownBy(() ->
                        ConfigurationBody.decode(bytes("{\"version\":1,\"config\":" + deep + "}")))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(
                        () -> ConfigurationBody.decode(new byte[ConfigurationBody.MAX_BYTES + 1]))
                .hasMessageContaining("at most " + ConfigurationBody.MAX_BYTES);
    }

    @ParameterizedTest
    @CsvSource({"-1,no ingress", "3,''", "2147483647,'a \"b\" \u00e4\n'"})
    void carriesAResult(int version, String error) throws ProtocolException {
        UpdateConfiguration.Result result = new UpdateConfiguration.Result(version, error);
        assertThat(ConfigurationBody.decodeResult(ConfigurationBody.encode(result)))
                .isEqualTo(result);
    }

    @Test
    void readsCloudflaredsResults() throws ProtocolException {
        assertThat(ConfigurationBody.decodeResult(bytes("{\"lastAppliedVersion\":2,\"err\":null}")))
                .isEqualTo(new UpdateConfiguration.Result(2, ""));
        UpdateConfiguration.Result refused =
                ConfigurationBody.decodeResult(bytes("{\"lastAppliedVersion\":-1,\"err\":{}}"));
        assertThat(refused.version()).isEqualTo(-1);
        assertThat(refused.error()).contains("connector's log");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"err\":null}",
                "{\"lastAppliedVersion\":null,\"err\":null}",
                "{\"lastAppliedVersion\":1e3}",
                "{\"lastAppliedVersion\":9999999999}"
            })
    void rejectsWhatIsNoResult(String body) {
        assertThatThrownBy(() -> ConfigurationBody.decodeResult(bytes(body)))
                .isInstanceOf(ProtocolException.class);
    }
}
