package dev.culvert.example.clock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClockPluginTest {
    private final List<String> problems = new ArrayList<>();

    private Object configure(String rest) {
        return new ClockPlugin()
                .configure(
                        new ServiceSpec(
                                "clock:" + rest, "clock", rest, ServiceSpec.OriginRequest.DEFAULT),
                        (key, problem) -> problems.add(key + ": " + problem));
    }

    @Test
    void tellsTheTimeOfTheZone() throws Exception {
        Clock clock = Clock.fixed(Instant.EPOCH, ZoneId.of("Asia/Tokyo"));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        new ClockPlugin.ClockOrigin(clock).handle(new OneExchange(body));
        assertThat(body.toString(StandardCharsets.UTF_8)).isEqualTo("1970-01-01T09:00:00+09:00\n");
    }

    @Test
    void reportsAnUnknownZone() {
        assertThat(configure("Asia/Tokyo")).isNotNull();
        assertThat(configure("")).isNotNull();
        assertThat(configure("Mars/Base")).isNull();
        assertThat(problems)
                .containsExactly(
                        "service: \"clock:Mars/Base\""
                                + " (expected: a time zone such as clock:Asia/Tokyo)");
    }

    private record OneExchange(OutputStream out) implements HttpExchange {
        @Override
        public String method() {
            return "GET";
        }

        @Override
        public String path() {
            return "/";
        }

        @Override
        public String authority() {
            return "clock.example.com";
        }

        @Override
        public HeaderList requestHeaders() {
            return new HeaderList();
        }

        @Override
        public InputStream body() {
            return InputStream.nullInputStream();
        }

        @Override
        public OutputStream respond(int status, HeaderList headers) {
            return out;
        }

        @Override
        public boolean isWebSocket() {
            return false;
        }
    }
}
