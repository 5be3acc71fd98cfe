package dev.culvert.connector.precheck;

import dev.culvert.connector.precheck.Precheck.Outcome;
import dev.culvert.connector.precheck.Precheck.Row;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/// What all prechecks found. Immutable.
public record Report(List<Row> rows) {
    private static final List<String> HEAD =
            List.of("COMPONENT", "TARGET", "RESULT", "DETAIL", "ACTION");

    public long count(Outcome outcome) {
        return rows.stream().filter(row -> row.outcome() == outcome).count();
    }

    private static List<String> cells(Row row) {
        return List.of(
                row.component(), row.target(), row.outcome().name(), row.detail(), row.action());
    }

    /// For a person: columns, the last as wide as it is.
    public String table() {
        List<List<String>> lines = new ArrayList<>();
        lines.add(HEAD);
        rows.forEach(row -> lines.add(cells(row)));
        int[] widths = new int[HEAD.size()];
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            StringBuilder row = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                row.append(line.get(i)).append(" ".repeat(widths[i] - line.get(i).length() + 2));
            }
            text.append(row.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /// For a log: one line when all is well, and one more for each thing that is not.
    public void log(Logger log) {
        for (Row row : rows) {
            switch (row.outcome()) {
                case FAIL, WARN ->
                        log.warn(
                                "Precheck found something component={} target={} result={} detail=\"{}\" action=\"{}\"",
                                row.component(),
                                row.target(),
                                row.outcome(),
                                row.detail(),
                                row.action());
                case PASS, SKIP ->
                        log.debug(
                                "Precheck component={} target={} result={} detail=\"{}\"",
                                row.component(),
                                row.target(),
                                row.outcome(),
                                row.detail());
            }
        }
        log.info(
                "Prechecks done passed={} warned={} failed={}",
                count(Outcome.PASS),
                count(Outcome.WARN),
                count(Outcome.FAIL));
    }
}
