package dev.culvert.recording;

import dev.culvert.plugin.edge.OneLine;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.io.JsonStringEncoder;

/// Turns entries into the lines of a `.cast` file (asciicast v2). Confined to one thread.
final class CastEncoder implements TypedLines.Found {
    private static final Logger log = LoggerFactory.getLogger(CastEncoder.class);
    private static final int MARK_LENGTH = 4000;

    private final TextCarry output = new TextCarry();
    private final TextCarry input = new TextCarry();
    private final String id;
    private final boolean keepsInput;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Line> lines = new ArrayList<>();

    /// Null once it broke.
    private @Nullable Guesses guesses;

    private long micros;
    private long gaps;
    private long missing;

    /// A line that was encoded.
    ///
    /// @param length with its line feed
    /// @param micros its time
    record Line(byte[] digest, int length, long micros) {}

    /// @param id of the recording
    /// @param keepsInput whether what was typed is written, as far as it was echoed
    CastEncoder(String id, int columns, boolean keepsInput) {
        this(id, keepsInput, found -> new TypedLines(columns, found));
    }

    CastEncoder(String id, boolean keepsInput, Function<TypedLines.Found, Guesses> guesses) {
        this.id = id;
        this.keepsInput = keepsInput;
        this.guesses = guesses.apply(this);
    }

    /// The first line of the file.
    void header(String json) {
        line(SidecarFormat.utf8(json));
    }

    void add(Entry entry) {
        // The clock of entries never goes back; a gap is known only when it is over.
        micros = Math.max(micros, entry.nanos() / 1000);
        switch (entry) {
            case Entry.Bytes content when content.isTyped() ->
                    guess(to -> to.typed(input.next(content.content(), content.length())));
            case Entry.Bytes content -> shown(output.next(content.content(), content.length()));
            case Entry.Resized size -> {
                guess(to -> to.resize(size.columns()));
                record('r', size.columns() + "x" + size.rows());
            }
            case Entry.Happened event -> mark(event.kind(), event.text(), event.exact());
            case Entry.Gap gap -> gap(gap);
        }
    }

    private void shown(String text) {
        if (!text.isEmpty()) {
            record('o', text);
            guess(to -> to.shown(text));
        }
    }

    /// What is guessed is worth less than what was seen: a fault in it ends the guessing, not the recording.
    private void guess(Consumer<Guesses> told) {
        Guesses to = guesses;
        if (to == null) {
            return;
        }
        try {
            told.accept(to);
        } catch (RuntimeException e) {
            guesses = null;
            log.debug("Input and commands are guessed no more recording={}", id, e);
            mark("note", "input and commands are guessed no more: a fault of the edge", true);
        }
    }

    private void gap(Entry.Gap gap) {
        gaps++;
        missing += gap.bytes();
        record(
                'm',
                "gap: "
                        + gap.bytes()
                        + " bytes are missing, from "
                        + SidecarFormat.seconds(gap.nanos() / 1000)
                        + " s to "
                        + SidecarFormat.seconds(gap.until() / 1000)
                        + " s");
    }

    private void mark(String kind, String text, boolean exact) {
        record('m', kind + (exact ? ": " : "?: ") + OneLine.spaced(text, MARK_LENGTH));
    }

    @Override
    public void input(String text) {
        if (keepsInput) {
            record('i', text);
        }
    }

    @Override
    public void command(String text) {
        mark("command", text, false);
    }

    /// A character that nothing completes any more.
    void end() {
        shown(output.rest());
    }

    private void record(char type, String text) {
        byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(whole(text));
        byte[] before =
                SidecarFormat.utf8('[' + SidecarFormat.seconds(micros) + ", \"" + type + "\", \"");
        byte[] line = new byte[before.length + quoted.length + 2];
        System.arraycopy(before, 0, line, 0, before.length);
        System.arraycopy(quoted, 0, line, before.length, quoted.length);
        line[line.length - 2] = '"';
        line[line.length - 1] = ']';
        line(line);
    }

    /// Texts of callers may hold halves of characters, which no UTF-8 has.
    private static String whole(String text) {
        return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
                ? new String(SidecarFormat.utf8(text), java.nio.charset.StandardCharsets.UTF_8)
                : text;
    }

    private void line(byte[] line) {
        int from = bytes.size();
        bytes.writeBytes(line);
        bytes.write('\n');
        java.security.MessageDigest digest = Hashes.sha256();
        digest.update(line);
        digest.update((byte) '\n');
        lines.add(new Line(digest.digest(), bytes.size() - from, micros));
    }

    /// What was encoded and is not taken yet.
    byte[] bytes() {
        return bytes.toByteArray();
    }

    List<Line> lines() {
        return lines;
    }

    long gaps() {
        return gaps;
    }

    long missing() {
        return missing;
    }

    /// It is written: begins anew.
    void written() {
        bytes.reset();
        lines.clear();
    }
}
