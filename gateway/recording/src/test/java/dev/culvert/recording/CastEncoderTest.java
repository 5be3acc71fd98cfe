package dev.culvert.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What becomes a line of the file.
final class CastEncoderTest {
    private static final String NOTE =
            "note: input and commands are guessed no more: a fault of the edge";

    /// Fails whatever it is told.
    private static final class Broken implements Guesses {
        private int told;

        private void fail() {
            told++;
            throw new StringIndexOutOfBoundsException("a fault of ours");
        }

        @Override
        public void resize(int columns) {
            fail();
        }

        @Override
        public void shown(String output) {
            fail();
        }

        @Override
        public void typed(String keys) {
            fail();
        }
    }

    private static Entry bytes(boolean typed, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Entry.Bytes(0, typed, bytes, 0, bytes.length);
    }

    static Stream<Entry> entries() {
        return Stream.of(bytes(false, "$ "), bytes(true, "ls\r"), new Entry.Resized(0, 100, 30));
    }

    @ParameterizedTest
    @MethodSource("entries")
    void aFaultOfTheGuessingEndsTheGuessingAndNotTheRecording(Entry first) {
        Broken broken = new Broken();
        CastEncoder encoder = new CastEncoder("r", true, found -> broken);

        encoder.add(first);
        entries().forEach(encoder::add);
        encoder.add(bytes(false, "after"));
        encoder.end();

        assertThat(broken.told).isEqualTo(1);
        assertThat(written(encoder, "m")).containsExactly(NOTE);
        assertThat(written(encoder, "o")).endsWith("$ ", "after");
        assertThat(written(encoder, "r")).endsWith("100x30");
        assertThat(encoder.records().list()).hasSameSizeAs(all(encoder));
    }

    private static List<JsonNode> all(CastEncoder encoder) {
        JsonMapper json = new JsonMapper();
        return new String(encoder.records().bytes(), StandardCharsets.UTF_8)
                .lines()
                .map(json::readTree)
                .toList();
    }

    private static List<String> written(CastEncoder encoder, String type) {
        return all(encoder).stream()
                .filter(line -> line.path(1).stringValue().equals(type))
                .map(line -> line.path(2).stringValue())
                .toList();
    }
}
