package dev.culvert.edge.command;

import java.io.PrintWriter;
import java.util.List;

/// Columns of text under headings, two blanks apart.
final class Table {
    private Table() {}

    /// Without what a terminal would take for more than text.
    static String plain(String text) {
        return text.codePoints()
                .map(c ->
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                                ? '?'
                                : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    static void print(PrintWriter out, List<String> headings, List<List<String>> cells) {
        List<List<String>> rows =
                cells.stream().map(row -> row.stream().map(Table::plain).toList()).toList();
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = headings.get(column).length();
            for (List<String> row : rows) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        line(out, headings, widths);
        rows.forEach(row -> line(out, row, widths));
    }

    private static void line(PrintWriter out, List<String> cells, int[] widths) {
        StringBuilder text = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            text.append(cell).repeat(' ', widths[column] - cell.length() + 2);
        }
        out.println(text.toString().stripTrailing());
    }
}
