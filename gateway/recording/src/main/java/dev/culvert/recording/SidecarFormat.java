package dev.culvert.recording;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The lines of a sidecar, and the texts that their signatures are over. See `docs/recordings.md`. Stateless.
final class SidecarFormat {
    static final String NAME = "culvert-recording-1";

    static final int SIGNATURE_BYTES = 64;

    /// Longer lines are not ours.
    static final int LONGEST_LINE = 64 * 1024;

    static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private static final double MICROS = 1e6;

    private SidecarFormat() {}

    /// What a checkpoint or the end says, as its signature covers it.
    ///
    /// @param end whether nothing follows
    /// @param at when it was signed, as written
    /// @param seconds time of the last record, as written
    /// @param gaps of the whole recording
    /// @param missing bytes in them
    record Mark(
            boolean end,
            long records,
            long bytes,
            String at,
            String seconds,
            byte[] chain,
            long gaps,
            long missing) {

        String word() {
            return end ? "end" : "checkpoint";
        }

        byte[] signed(byte[] head) {
            return ascii(
                    NAME + ' ' + word(),
                    Hashes.text(head),
                    Long.toString(records),
                    Long.toString(bytes),
                    at,
                    seconds,
                    Hashes.text(chain),
                    Long.toString(gaps),
                    Long.toString(missing));
        }
    }

    static Mark mark(Segment segment, boolean end, Instant at, long gaps, long missing) {
        return new Mark(
                end,
                segment.last(),
                segment.bytes(),
                at.toString(),
                seconds(segment.micros()),
                segment.chain(),
                gaps,
                missing);
    }

    static byte[] signedHead(byte[] head) {
        return ascii(NAME + " head", Hashes.text(head));
    }

    private static byte[] ascii(String... lines) {
        return (String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /// `12.345678`, as times stand in both files.
    static String seconds(long micros) {
        return String.format(Locale.ROOT, "%.6f", micros / MICROS);
    }

    /// The first two lines.
    ///
    /// @param head hash of the first line
    static byte[] beginning(ObjectNode about, SigningKey key) {
        byte[] first = utf8(about.toString());
        byte[] head = Hashes.sha256(first);
        ObjectNode second =
                MAPPER.createObjectNode()
                        .put("head", Hashes.text(head))
                        .put("signature", Hashes.text(key.sign(signedHead(head))));
        return utf8(about + "\n" + second + "\n");
    }

    /// With its line feed.
    static byte[] line(Mark mark, List<byte[]> digests, byte[] head, SigningKey key) {
        byte[] line = written(mark, digests, key.sign(mark.signed(head)));
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    private static byte[] written(Mark mark, List<byte[]> digests, byte[] signature) {
        ObjectNode line =
                MAPPER.createObjectNode()
                        .put(mark.word(), mark.records())
                        .put("bytes", mark.bytes())
                        .put("at", mark.at())
                        .put("seconds", mark.seconds())
                        .put("chain", Hashes.text(mark.chain()))
                        .put("gaps", mark.gaps())
                        .put("missing", mark.missing());
        ArrayNode records = line.putArray("records");
        digests.forEach(digest -> records.add(Hashes.text(digest)));
        line.put("signature", Hashes.text(signature));
        return utf8(line.toString());
    }

    /// A line that was read.
    record Marked(Mark mark, List<byte[]> digests, byte[] signature) {}

    /// Null when it is no line of ours.
    static @Nullable Marked read(byte[] line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            boolean end = json.has("end");
            List<byte[]> digests = new ArrayList<>();
            for (JsonNode digest : json.path("records")) {
                digests.add(Hashes.parse(digest.asString(""), Hashes.BYTES));
            }
            Mark mark =
                    new Mark(
                            end,
                            number(json, end ? "end" : "checkpoint"),
                            number(json, "bytes"),
                            json.path("at").asString(""),
                            json.path("seconds").asString(""),
                            Hashes.parse(json.path("chain").asString(""), Hashes.BYTES),
                            number(json, "gaps"),
                            number(json, "missing"));
            byte[] signature = Hashes.parse(json.path("signature").asString(""), SIGNATURE_BYTES);
            // Read otherwise than it was written, it would say something that nothing vouches for.
            return Arrays.equals(written(mark, digests, signature), line)
                    ? new Marked(mark, digests, signature)
                    : null;
        } catch (JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    private static long number(JsonNode json, String name) {
        JsonNode number = json.path(name);
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
            throw new IllegalArgumentException(name);
        }
        return number.asLong();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
