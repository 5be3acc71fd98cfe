package dev.culvert.recording;

import dev.culvert.plugin.edge.OneLine;
import java.nio.charset.StandardCharsets;

/// Turns entries into the records of a `.guac` file: instructions as they were given, and between them our own,
/// `log,<seconds>,<kind>,<text>`, an opcode that players pass over. Confined to one thread.
final class GuacEncoder implements RecordEncoder {
    private static final int MARK_LENGTH = 4000;
    private static final int ASCII = 0x7f;

    private final Records records = new Records();

    /// @param title what it is of, its first record
    GuacEncoder(String title) {
        mark("recording", title);
    }

    @Override
    public void add(Entry entry) {
        records.at(entry.nanos());
        switch (entry) {
            case Entry.Bytes content ->
                    records.add(java.util.Arrays.copyOf(content.content(), content.length()));
            case Entry.Happened event -> mark(event.kind(), event.text());
            case Entry.Gap gap -> mark("gap", records.gap(gap));
            case Entry.Resized size ->
                    throw new IllegalStateException(
                            "a desktop's size is an instruction of its own");
        }
    }

    private void mark(String kind, String text) {
        String instruction =
                "3.log,"
                        + element(records.seconds())
                        + ','
                        + element(ascii(kind))
                        + ','
                        + element(ascii(OneLine.spaced(text, MARK_LENGTH)))
                        + ';';
        records.add(instruction.getBytes(StandardCharsets.US_ASCII));
    }

    private static String element(String ascii) {
        return ascii.length() + "." + ascii;
    }

    /// Guacamole's player seeks by bytes that it counts as characters: of ours it gets only such as are both.
    private static String ascii(String text) {
        StringBuilder plain = new StringBuilder(text.length());
        for (char c : text.toCharArray()) {
            if (c > ASCII || c == '\\') {
                plain.append(String.format("\\u%04x", (int) c));
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    @Override
    public void end() {
        // Instructions come whole.
    }

    @Override
    public Records records() {
        return records;
    }
}
