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

    /// What a checkpoint or the end says of each of its records.
    ///
    /// @param lengths of records, where nothing in the data file says where they end; else null
    record Listed(List<byte[]> digests, @Nullable List<Long> lengths) {
        /// Of all of them; -1 where they say it themselves, and when it is more than any file has.
        long bytes() {
            return lengths == null
                    ? -1
                    : lengths.stream().mapToLong(Long::longValue).reduce(0, Listed::sum);
        }

        private static long sum(long a, long b) {
            return a < 0 || a + b < 0 ? -1 : a + b;
        }
    }

    static Listed listed(Format format, Segment segment) {
        return new Listed(
                segment.records().stream().map(Records.Whole::digest).toList(),
                format == Format.CAST
                        ? null
                        : segment.records().stream().map(whole -> (long) whole.length()).toList());
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
    static byte[] line(Mark mark, Listed listed, byte[] head, SigningKey key) {
        byte[] line = written(mark, listed, key.sign(mark.signed(head)));
        byte[] ended = Arrays.copyOf(line, line.length + 1);
        ended[line.length] = '\n';
        return ended;
    }

    private static byte[] written(Mark mark, Listed listed, byte[] signature) {
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
        listed.digests().forEach(digest -> records.add(Hashes.text(digest)));
        List<Long> lengths = listed.lengths();
        if (lengths != null) {
            lengths.forEach(line.putArray("lengths")::add);
        }
        line.put("signature", Hashes.text(signature));
        return utf8(line.toString());
    }

    /// A line that was read.
    record Marked(Mark mark, Listed listed, byte[] signature) {}

    /// Null when it is no line of ours.
    static @Nullable Marked read(Format format, byte[] line) {
        try {
            JsonNode json = MAPPER.readTree(line);
            boolean end = json.has("end");
            Listed listed = listed(format, json);
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
            return Arrays.equals(written(mark, listed, signature), line)
                    ? new Marked(mark, listed, signature)
                    : null;
        } catch (JacksonException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Listed listed(Format format, JsonNode json) {
        List<byte[]> digests = new ArrayList<>();
        for (JsonNode digest : json.path("records")) {
            digests.add(Hashes.parse(digest.asString(""), Hashes.BYTES));
        }
        if (format == Format.CAST) {
            return new Listed(digests, null);
        }
        List<Long> lengths = new ArrayList<>();
        for (JsonNode length : json.path("lengths")) {
            lengths.add(checked(length, "lengths"));
        }
        if (lengths.size() != digests.size()) {
            throw new IllegalArgumentException("lengths");
        }
        return new Listed(digests, lengths);
    }

    private static long number(JsonNode json, String name) {
        return checked(json.path(name), name);
    }

    private static long checked(JsonNode number, String name) {
        if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < 0) {
            throw new IllegalArgumentException(name);
        }
        return number.asLong();
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
