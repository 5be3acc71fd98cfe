package dev.culvert.bench.figures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Horizontal bars as SVG: a panel for each case with a scale of its own from 0, a bar for each system, its
/// length the median, a whisker from the least to the greatest measurement. The colours follow the reader's
/// light or dark mode, also inside an `<img>`. Not thread-safe.
public final class BarChart {
    private static final int WIDTH = 820;
    private static final int LABELS = 190;
    private static final int BARS = 440;
    private static final int ROW = 20;
    private static final int HEAD = 30;
    private static final String[] COLOURS = {
        "#5b8ff9", "#e8833a", "#3fa66b", "#c95d8e", "#8f6fd6", "#2fa3b5", "#b8952e", "#8a8f98"
    };
    private static final String STYLE =
            """
            <style>
            text{font:13px system-ui,sans-serif;fill:#1f2328}.title{font-weight:600;font-size:15px}
            .panel{font-weight:600}.note{fill:#59636e;font-size:12px}.paper{fill:#fff}
            .whisker{stroke:#1f2328;stroke-width:1.5;fill:none}.axis{stroke:#8a8f98}
            @media (prefers-color-scheme:dark){text{fill:#e6edf3}.note{fill:#9198a1}.paper{fill:#0d1117}
            .whisker{stroke:#e6edf3}}
            </style>
            """;

    private final String title;
    private final List<String> systems;
    private final Map<String, Map<String, Spread>> panels = new LinkedHashMap<>();

    /// @param systems in the order of their colours
    public BarChart(String title, List<String> systems) {
        this.title = title;
        this.systems = List.copyOf(systems);
    }

    /// @param panel with the unit
    public void add(String panel, String system, Spread spread) {
        panels.computeIfAbsent(panel, _ -> new LinkedHashMap<>()).put(system, spread);
    }

    public boolean isEmpty() {
        return panels.isEmpty();
    }

    public String svg() {
        StringBuilder body = new StringBuilder();
        int y = 28;
        text(body, "title", 16, y, title);
        y = legend(body, y + 26);
        for (var panel : panels.entrySet()) {
            y += HEAD;
            text(body, "panel", 16, y, panel.getKey());
            y += 8;
            double most =
                    panel.getValue().values().stream().mapToDouble(Spread::max).max().orElse(1);
            int top = y;
            for (var bar : panel.getValue().entrySet()) {
                bar(body, y, bar.getKey(), bar.getValue(), most > 0 ? BARS / most : 0);
                y += ROW;
            }
            body.append("<path class=\"axis\" d=\"M%d %dV%d\"/>\n".formatted(LABELS, top, y));
        }
        int height = y + 16;
        return """
        <svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" role="img">
        <title>%s</title>
        %s<rect class="paper" width="100%%" height="100%%"/>
        %s</svg>
        """
                .formatted(WIDTH, height, WIDTH, height, escape(title), STYLE, body);
    }

    /// The systems that occur, three a line.
    private int legend(StringBuilder body, int top) {
        List<String> shown = new ArrayList<>();
        for (String system : systems) {
            if (panels.values().stream().anyMatch(bars -> bars.containsKey(system))) {
                shown.add(system);
            }
        }
        int y = top;
        for (int i = 0; i < shown.size(); i++) {
            int x = 16 + i % 3 * 260;
            y = top + i / 3 * ROW;
            body.append(
                    "<rect x=\"%d\" y=\"%d\" width=\"12\" height=\"12\" fill=\"%s\"/>\n"
                            .formatted(x, y - 11, colour(shown.get(i))));
            text(body, "", x + 18, y, shown.get(i));
        }
        y += ROW;
        text(body, "note", 16, y, "bar: median · whisker: least and greatest measurement");
        return y;
    }

    private void bar(StringBuilder body, int y, String system, Spread spread, double scale) {
        double length = spread.median() * scale;
        double low = LABELS + spread.min() * scale;
        double high = LABELS + spread.max() * scale;
        text(body, "note", 16, y + 14, system);
        body.append(
                String.format(
                        Locale.ROOT,
                        """
                        <rect x="%d" y="%d" width="%.1f" height="14" fill="%s"/>
                        <path class="whisker" d="M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8"/>
                        """,
                        LABELS,
                        y + 3,
                        Math.max(1, length),
                        colour(system),
                        low,
                        y + 10,
                        high,
                        low,
                        y + 6,
                        high,
                        y + 6));
        text(
                body,
                "",
                (int) Math.max(LABELS + length, high) + 8,
                y + 15,
                Figure.of(spread.median()));
    }

    private String colour(String system) {
        return COLOURS[Math.floorMod(systems.indexOf(system), COLOURS.length)];
    }

    private static void text(StringBuilder body, String style, int x, int y, String text) {
        body.append(
                "<text class=\"%s\" x=\"%d\" y=\"%d\">%s</text>\n"
                        .formatted(style, x, y, escape(text)));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
