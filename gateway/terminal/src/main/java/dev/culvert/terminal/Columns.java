package dev.culvert.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Rows under headings, two blanks between columns, within the width there is: the widest
/// column gives way, numbers last.
///
/// Confined to one thread.
public final class Columns {
    private static final int GAP = 2;
    private static final int NARROWEST = 4;

    private final List<Line> headings = new ArrayList<>();
    private final boolean[] right;
    private final List<Line[]> rows = new ArrayList<>();

    /// @param headings one that ends in `>` has its column aligned to the right
    public Columns(String... headings) {
        right = new boolean[headings.length];
        for (int i = 0; i < headings.length; i++) {
            right[i] = headings[i].endsWith(">");
            String text =
                    right[i] ? headings[i].substring(0, headings[i].length() - 1) : headings[i];
            this.headings.add(Line.of(Tone.FAINT, text));
        }
    }

    public Columns row(Line... cells) {
        if (cells.length != right.length) {
            throw new IllegalArgumentException(cells.length + " cells");
        }
        rows.add(cells.clone());
        return this;
    }

    /// The headings and the rows.
    public List<Line> lines(int width) {
        int[] widths = widths(width);
        List<Line> lines = new ArrayList<>();
        lines.add(line(headings, widths));
        rows.forEach(row -> lines.add(line(Arrays.asList(row), widths)));
        return lines;
    }

    private int[] widths(int width) {
        int[] widths = new int[right.length];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(1, headings.get(i).width());
            for (Line[] row : rows) {
                widths[i] = Math.max(widths[i], row[i].width());
            }
        }
        int room = width - GAP * (widths.length - 1);
        for (int over = Arrays.stream(widths).sum() - room; over > 0; over--) {
            int widest = widest(widths, false);
            widest = widest >= 0 ? widest : widest(widths, true);
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    /// The column that can give most, or -1 when none can.
    private int widest(int[] widths, boolean numbers) {
        int widest = -1;
        for (int i = 0; i < widths.length; i++) {
            boolean gives = right[i] == numbers && widths[i] > NARROWEST;
            widest = gives && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
        }
        return widest;
    }

    private Line line(List<Line> cells, int[] widths) {
        Line line = Line.EMPTY;
        int last = widths.length - 1;
        for (int i = 0; i <= last; i++) {
            boolean bare = i == last && !right[i] && cells.get(i).width() <= widths[i];
            line = line.and(bare ? cells.get(i) : cells.get(i).fitted(widths[i], right[i]));
            line = i == last ? line : line.and(" ".repeat(GAP));
        }
        return line;
    }
}
