package dev.culvert.terminal;

import java.util.function.UnaryOperator;
import org.jline.reader.LineReader;
import org.jline.terminal.Terminal;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.InfoCmp.Capability;
import org.jspecify.annotations.Nullable;

/// How tones look on one terminal: in colour, in bold and faint where colours are not wanted (`NO_COLOR`), or not at
/// all. Immutable.
final class Looks {
    private static final int FEWEST_COLOURS = 8;

    private final boolean coloured;

    private Looks(boolean coloured) {
        this.coloured = coloured;
    }

    static Looks of(Terminal terminal, UnaryOperator<@Nullable String> environment) {
        Integer colours = terminal.getNumericCapability(Capability.max_colors);
        String refused = environment.apply("NO_COLOR");
        return new Looks(
                colours != null
                        && colours >= FEWEST_COLOURS
                        && (refused == null || refused.isEmpty()));
    }

    AttributedString of(Line line) {
        AttributedStringBuilder text = new AttributedStringBuilder();
        for (Line.Piece piece : line.pieces()) {
            text.append(piece.text(), style(piece.tone()));
        }
        return text.toAttributedString();
    }

    private AttributedStyle style(Tone tone) {
        AttributedStyle plain = AttributedStyle.DEFAULT;
        return switch (tone) {
            case PLAIN -> plain;
            case STRONG -> plain.bold();
            case FAINT -> coloured ? plain.foreground(AttributedStyle.BRIGHT) : plain.faint();
            case ACCENT -> colour(AttributedStyle.CYAN).bold();
            case GOOD -> colour(AttributedStyle.GREEN);
            case WARNING -> colour(AttributedStyle.YELLOW);
            case BAD -> colour(AttributedStyle.RED).bold();
        };
    }

    private AttributedStyle colour(int colour) {
        return coloured ? AttributedStyle.DEFAULT.foreground(colour) : AttributedStyle.DEFAULT;
    }

    /// JLine's own lists of choices use colours unless told otherwise.
    void apply(LineReader reader) {
        reader.setVariable(LineReader.COMPLETION_STYLE_LIST_SELECTION, "inverse");
        reader.setVariable(LineReader.COMPLETION_STYLE_LIST_BACKGROUND, "default");
        reader.setVariable(LineReader.COMPLETION_STYLE_BACKGROUND, "default");
        if (!coloured) {
            for (String name :
                    new String[] {
                        LineReader.COMPLETION_STYLE_STARTING,
                        LineReader.COMPLETION_STYLE_DESCRIPTION,
                        LineReader.COMPLETION_STYLE_GROUP,
                        LineReader.COMPLETION_STYLE_LIST_STARTING,
                        LineReader.COMPLETION_STYLE_LIST_DESCRIPTION,
                        LineReader.COMPLETION_STYLE_LIST_GROUP
                    }) {
                reader.setVariable(name, "default");
            }
        }
    }
}
