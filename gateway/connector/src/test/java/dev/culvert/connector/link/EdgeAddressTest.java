package dev.culvert.connector.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EdgeAddressTest {
    @ParameterizedTest
    @CsvSource({
        "edge.example.com, edge.example.com, 7844, edge.example.com:7844",
        "edge.example.com:443, edge.example.com, 443, edge.example.com:443",
        "127.0.0.1:1, 127.0.0.1, 1, 127.0.0.1:1",
        "localhost:65535, localhost, 65535, localhost:65535",
        "::1, ::1, 7844, [::1]:7844",
        "[::1], ::1, 7844, [::1]:7844",
        "[::1]:9, ::1, 9, [::1]:9",
        "2001:db8::7, 2001:db8::7, 7844, [2001:db8::7]:7844"
    })
    void reads(String text, String host, int port, String shown) {
        EdgeAddress address = EdgeAddress.parse(text);
        assertThat(address).isEqualTo(new EdgeAddress(host, port));
        assertThat(address).hasToString(shown);
        assertThat(EdgeAddress.parse(shown)).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ":",
                ":7844",
                "edge:",
                "edge:0",
                "edge:65536",
                "edge:-1",
                "edge:+1",
                "edge:seven",
                "edge:7844x",
                "https://edge",
                "edge/path",
                "[::1",
                "::1]",
                "[]",
                "[]:1",
                "[::1]:",
                "[::1]x",
                "[::1]:x",
                "two words",
                "edge :1"
            })
    void rejects(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EdgeAddress.parse(text))
                .withMessageStartingWith("edge: \"" + text + "\" (expected: HOST[:PORT]");
    }
}
