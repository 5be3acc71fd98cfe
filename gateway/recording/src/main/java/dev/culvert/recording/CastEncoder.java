package dev.culvert.recording;

import dev.culvert.plugin.edge.OneLine;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.io.JsonStringEncoder;

/// Turns entries into the lines of a `.cast` file (asciicast v2). Confined to one thread.
final class CastEncoder implements RecordEncoder, TypedLines.Found {
    private static final Logger log = LoggerFactory.getLogger(CastEncoder.class);
    private static final int MARK_LENGTH = 4000;
    private static final byte[] AFTER = {'"', ']', '\n'};

    private final TextCarry output = new TextCarry();
    private final TextCarry input = new TextCarry();
    private final String id;
    private final boolean keepsInput;
    private final Records records = new Records();

    /// Null once it broke.
    private @Nullable Guesses guesses;

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
        records.add(SidecarFormat.utf8(json + '\n'));
    }

    @Override
    public void add(Entry entry) {
        records.at(entry.nanos());
        switch (entry) {
            case Entry.Bytes content when content.isTyped() ->
                    guess(to -> to.typed(input.next(content.content(), content.length())));
            case Entry.Bytes content -> shown(output.next(content.content(), content.length()));
            case Entry.Resized size -> {
                guess(to -> to.resize(size.columns()));
                record('r', size.columns() + "x" + size.rows());
            }
            case Entry.Happened event -> mark(event.kind(), event.text(), event.exact());
            case Entry.Gap gap -> record('m', "gap: " + records.gap(gap));
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
    @Override
    public void end() {
        shown(output.rest());
    }

    private void record(char type, String text) {
        byte[] quoted = JsonStringEncoder.getInstance().quoteAsUTF8(whole(text));
        byte[] before = SidecarFormat.utf8('[' + records.seconds() + ", \"" + type + "\", \"");
        byte[] line = new byte[before.length + quoted.length + AFTER.length];
        System.arraycopy(before, 0, line, 0, before.length);
        System.arraycopy(quoted, 0, line, before.length, quoted.length);
        System.arraycopy(AFTER, 0, line, before.length + quoted.length, AFTER.length);
        records.add(line);
    }

    /// Texts of callers may hold halves of characters, which no UTF-8 has.
    private static String whole(String text) {
        return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
                ? new String(SidecarFormat.utf8(text), java.nio.charset.StandardCharsets.UTF_8)
                : text;
    }

    @Override
    public Records records() {
        return records;
    }
}
