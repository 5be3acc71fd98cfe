package dev.culvert.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonLinesTest {
    private static String line(
            Level level, @Nullable Throwable thrown, String pattern, Object... arguments) {
        LoggingEvent event =
                new LoggingEvent(
                        "", new LoggerContext().getLogger("x"), level, pattern, thrown, arguments);
        event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
        return new String(new JsonLines().encode(event), StandardCharsets.UTF_8);
    }

    private static final String HEAD = "{\"level\":\"info\",\"time\":\"2026-01-02T03:04:05.678Z\",";

    @Test
    void theSentenceAndEachValueHaveFieldsOfTheirOwn() {
        assertThat(
                        line(
                                Level.INFO,
                                null,
                                "Registered tunnel connection connIndex={} connection={} edge={} protocol=http2",
                                3,
                                "0b1c",
                                "[::1]:7844"))
                .isEqualTo(
                        HEAD
                                + "\"message\":\"Registered tunnel connection\",\"connIndex\":3,\"connection\":\"0b1c\","
                                + "\"edge\":\"[::1]:7844\",\"protocol\":\"http2\"}\n");
    }

    @Test
    void valuesMayHaveWordsUnitsAndEscapes() {
        assertThat(
                        line(
                                Level.INFO,
                                null,
                                "Tunnel connection {} reason=\"{}\" retryIn={}ms",
                                "lost",
                                "a \"b\"\nc=d",
                                120L))
                .isEqualTo(
                        HEAD
                                + "\"message\":\"Tunnel connection lost\",\"reason\":\"a \\\"b\\\"\\nc=d\","
                                + "\"retryIn\":\"120ms\"}\n");
    }

    @Test
    void aLineWithoutFieldsIsItsMessage() {
        assertThat(line(Level.INFO, null, "there are no ingress rules: {}"))
                .isEqualTo(HEAD + "\"message\":\"there are no ingress rules: {}\"}\n");
    }

    @Test
    void anExceptionIsInItsOwnFields() {
        assertThat(line(Level.WARN, new IllegalStateException("oops"), "Broken"))
                .contains("\"level\":\"warn\"")
                .contains("\"error\":\"java.lang.IllegalStateException: oops\",\"stack\":\"")
                .endsWith("\"}\n")
                .hasLineCount(1);
    }
}
