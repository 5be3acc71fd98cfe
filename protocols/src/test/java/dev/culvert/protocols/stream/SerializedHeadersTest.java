package dev.culvert.protocols.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SerializedHeadersTest {
    private static final String NAME = "cf-cloudflared-response-headers: ";

    @Test
    void readsAndWritesAnExample() throws ProtocolException {
        HeaderList headers = HeaderList.of("Content-Type", "text/plain", "X-A", "b");
        String text = "Q29udGVudC1UeXBl:dGV4dC9wbGFpbg;WC1B:Yg";
        assertThat(SerializedHeaders.decode(text)).isEqualTo(headers);
        assertThat(SerializedHeaders.encode(headers)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"01-small", "02-multi", "03-nocontent", "04-redirect", "05-missing"})
    void readsRecordedHeadersAndWritesTheSame(String name) throws ProtocolException {
        String text = recorded(name);
        HeaderList headers = SerializedHeaders.decode(text);
        assertThat(headers.first("server")).isEqualTo("nginx/1.22.1");
        assertThat(headers.first("connection")).isEqualTo("keep-alive");
        assertThat(SerializedHeaders.encode(headers)).isEqualTo(text);
    }

    @Test
    void keepsTheOrderOfValuesOfOneName() throws ProtocolException {
        HeaderList headers = SerializedHeaders.decode(recorded("02-multi"));
        assertThat(headers.all("set-cookie")).containsExactly("a=1", "b=2; Path=/");
        assertThat(headers.first("X-Utf8")).isEqualTo("caf\\u00e9");
    }

    @Test
    void readsNothingEmptyPiecesAndEmptyValues() throws ProtocolException {
        assertThat(SerializedHeaders.decode("").isEmpty()).isTrue();
        assertThat(SerializedHeaders.decode(";;").isEmpty()).isTrue();
        assertThat(SerializedHeaders.decode(";WC1FbXB0eQ:;"))
                .isEqualTo(HeaderList.of("X-Empty", ""));
        assertThat(SerializedHeaders.encode(new HeaderList())).isEmpty();
        assertThat(SerializedHeaders.encode(HeaderList.of("X-Empty", ""))).isEqualTo("WC1FbXB0eQ:");
    }

    @Test
    void keepsEveryByteOfAValue() throws ProtocolException {
        StringBuilder value = new StringBuilder();
        for (char c = 0; c < 256; c++) {
            value.append(c == 0 || c == '\r' || c == '\n' ? 'x' : c);
        }
        HeaderList headers = HeaderList.of("A", value.toString());
        assertThat(SerializedHeaders.decode(SerializedHeaders.encode(headers))).isEqualTo(headers);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "WC1B",
                "WC1B:Yg:Yg",
                "WC1B:Yg==",
                "WC1B:Y",
                ":Yg",
                "WC1B:Y g",
                "WC1B:Y-_g",
                "WC1B:Yg\n",
                "WC1B:Yg;WC1B",
                "WC1B:\u00e9"
            })
    void rejectsWhatIsNotTheFormat(String text) {
        assertThatThrownBy(() -> SerializedHeaders.decode(text))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("expected: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a:b", "a\r\nb", "a\0", "\u00e9", ":status", "a\n"})
    void rejectsNamesThatAreNoTokens(String name) {
        assertThatThrownBy(() -> SerializedHeaders.decode(pair(name, "v")))
                .hasMessageContaining("header name");
        assertThatThrownBy(() -> SerializedHeaders.encode(HeaderList.of(name, "v")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nSet-Cookie: x", "\n", "\r", "a\0b"})
    void rejectsValuesOfMoreThanOneLine(String value) {
        assertThatThrownBy(() -> SerializedHeaders.decode(pair("X-A", value)))
                .hasMessage("value of header X-A: CR, LF or NUL in it (expected: one line)");
        assertThatThrownBy(() -> SerializedHeaders.encode(HeaderList.of("X-A", value)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void rejectsLengthsAndCountsAboveTheirLimits() throws ProtocolException {
        String full = "WC1B:Yg;".repeat(1024);
        assertThat(SerializedHeaders.decode(full).size()).isEqualTo(1024);
        assertThatThrownBy(() -> SerializedHeaders.decode(full + "WC1B:Yg"))
                .hasMessageContaining("at most 1024");
        assertThatThrownBy(() -> SerializedHeaders.decode(pair("a".repeat(1025), "")))
                .hasMessageContaining("length of a header name");
        assertThat(SerializedHeaders.decode(pair("a", "v".repeat(64 * 1024))).size()).isOne();
        assertThatThrownBy(() -> SerializedHeaders.decode(pair("a", "v".repeat(64 * 1024 + 1))))
                .hasMessageContaining("length of a header value");
        assertThatThrownBy(() -> SerializedHeaders.decode(";".repeat(256 * 1024 + 1)))
                .hasMessageContaining("at most 262144");
    }

    private static String recorded(String name) {
        return new String(
                        Vectors.bytes("http2-response-headers/" + name + ".txt"),
                        StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(NAME))
                .map(line -> line.substring(NAME.length()))
                .findFirst()
                .orElseThrow();
    }

    private static String pair(String name, String value) {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return encoder.encodeToString(name.getBytes(StandardCharsets.ISO_8859_1))
                + ":"
                + encoder.encodeToString(value.getBytes(StandardCharsets.ISO_8859_1));
    }
}
