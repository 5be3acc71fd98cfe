package dev.culvert.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostnameTest {
    @ParameterizedTest
    @CsvSource({
        "app.example.com, app.example.com",
        "APP.Example.COM., app.example.com",
        "*.Example.com, *.example.com",
        "*.localhost, *.localhost",
        "localhost, localhost",
        "bücher.example, xn--bcher-kva.example",
        "*.bücher.example, *.xn--bcher-kva.example",
        "1.2.3.4.example.com, 1.2.3.4.example.com",
        "face.b00c, face.b00c",
        "dead.beef, dead.beef",
        "argotunnel.com, argotunnel.com",
    })
    void acceptsInNormalForm(String written, String normal) throws Exception {
        assertThat(Hostname.parse(written).text()).isEqualTo(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "*",
                "*.",
                "*.*.example.com",
                "a.*.example.com",
                "a*.example.com",
                "example.com:443",
                "https://example.com",
                "example.com/path",
                "a..example.com",
                ".example.com",
                "-a.example.com",
                "a-.example.com",
                "a_b.example.com",
                "a b.example.com",
                "a\u0000.example.com",
                "192.0.2.1",
                "10.0.0.0/8",
                "[::1]",
                "::1",
                "2001:db8::/32",
                "1.2.3",
                "host.123",
                "management.argotunnel.com",
                "liveness.culvert.invalid",
                "*.culvert.invalid",
                "MANAGEMENT.argotunnel.com.",
                "management.fed.argotunnel.com",
                "*.argotunnel.com",
                "*.fed.argotunnel.com",
                "*.com",
            })
    void refuses(String written) {
        StateException refusal =
                catchThrowableOfType(StateException.class, () -> Hostname.parse(written));
        assertThat(refusal).as(written).isNotNull();
        assertThat(refusal.code()).isEqualTo(StateException.Code.INVALID);
        assertThat(refusal).hasMessageContaining("expected:");
        assertThat(refusal.getMessage()).doesNotContain("\u0000");
    }

    @ParameterizedTest
    @ValueSource(ints = {254, 300, 100_000})
    void refusesTooLong(int length) {
        String name = "a.".repeat(length / 2) + "com";
        StateException refusal =
                catchThrowableOfType(StateException.class, () -> Hostname.parse(name));
        assertThat(refusal.getMessage()).hasSizeLessThan(300);
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "a.example.com, a.example.com",
        "b.example.com, *.example.com",
        "a.b.example.com, *.example.com",
        "x.deep.example.com, *.deep.example.com",
        "x.y.deep.example.com, *.deep.example.com",
        "deep.example.com, *.example.com",
        "x.a.example.com, *.example.com",
        "notexample.com, ''",
        "other.com, ''",
        "com, ''",
        "'', ''",
        ".only.org, ''",
        "x.only.org, *.only.org",
        "only.org, ''",
        "A.example.com, *.example.com",
        "management.argotunnel.com, ''",
    })
    void longestSuffixWinsAfterTheExactName(String host, String expected) {
        Map<String, Route> routes = new HashMap<>();
        for (String name :
                new String[] {
                    "example.com",
                    "a.example.com",
                    "*.example.com",
                    "*.deep.example.com",
                    "*.only.org",
                    "*.argotunnel.com"
                }) {
            routes.put(
                    name,
                    new Route(
                            UUID.randomUUID(), name, UUID.randomUUID(), true, null, Instant.EPOCH));
        }
        Route route = new Directory(Map.of(), routes).route(host);
        assertThat(route == null ? "" : route.hostname()).isEqualTo(expected);
    }
}
