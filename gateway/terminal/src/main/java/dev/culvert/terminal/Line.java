package dev.culvert.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.utils.AttributedString;

/// A line of text in pieces of one tone each. Nothing a terminal would act upon is in it: control characters and
/// text direction marks are replaced, whoever sent them.
///
/// Immutable.
public final class Line {
    public static final Line EMPTY = new Line(List.of());

    record Piece(String text, Tone tone) {}

    private final List<Piece> pieces;

    private Line(List<Piece> pieces) {
        this.pieces = pieces;
    }

    public static Line of(String text) {
        return EMPTY.and(text);
    }

    public static Line of(Tone tone, String text) {
        return EMPTY.and(tone, text);
    }

    public Line and(String text) {
        return and(Tone.PLAIN, text);
    }

    public Line and(Tone tone, String text) {
        List<Piece> all = new ArrayList<>(pieces);
        all.add(new Piece(printable(text), tone));
        return new Line(List.copyOf(all));
    }

    public Line and(Line more) {
        List<Piece> all = new ArrayList<>(pieces);
        all.addAll(more.pieces);
        return new Line(List.copyOf(all));
    }

    List<Piece> pieces() {
        return pieces;
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        pieces.forEach(piece -> text.append(piece.text));
        return text.toString();
    }

    /// Columns it takes: 2 for each wide character.
    int width() {
        return new AttributedString(text()).columnLength();
    }

    /// Filled with blanks, or cut with an ellipsis, to a width above 0.
    Line fitted(int width, boolean right) {
        int own = width();
        if (own > width) {
            return cut(width - 1).and("…");
        }
        String blanks = " ".repeat(width - own);
        return right ? Line.of(blanks).and(this) : and(blanks);
    }

    private Line cut(int width) {
        Line kept = EMPTY;
        int room = width;
        for (Piece piece : pieces) {
            String text = new AttributedString(piece.text).columnSubSequence(0, room).toString();
            kept = kept.and(piece.tone, text);
            room -= new AttributedString(text).columnLength();
        }
        return kept;
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean bad =
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || c == '\u2028'
                            || c == '\u2029';
            shown.append(bad ? '?' : c);
        }
        return shown.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
