package dev.culvert.edge.audit;

import java.util.List;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;

/// Audit events as RFC 4180: a line of headings, then one for each event. What a spreadsheet would take
/// for a formula gets an apostrophe in front, which spreadsheets take for text. Stateless.
public final class AuditCsv {
    private static final List<String> COLUMNS =
            List.of(
                    "id",
                    "at",
                    "kind",
                    "actor",
                    "outcome",
                    "application",
                    "host",
                    "policy",
                    "address",
                    "country",
                    "request_id",
                    "detail");
    private static final String FORMULA = "=+-@\t\r\n";

    private AuditCsv() {}

    /// With the line break.
    public static String headings() {
        return String.join(",", COLUMNS) + "\r\n";
    }

    /// With the line break.
    ///
    /// @param event as [AuditJson] writes it
    public static String line(JsonNode event) {
        StringJoiner line = new StringJoiner(",", "", "\r\n");
        for (String column : COLUMNS) {
            JsonNode value = event.path(column);
            line.add(cell(value.isObject() ? value.toString() : value.asString("")));
        }
        return line.toString();
    }

    private static String cell(String text) {
        String safe = !text.isEmpty() && FORMULA.indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        boolean quoted = safe.chars().anyMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return quoted ? '"' + safe.replace("\"", "\"\"") + '"' : safe;
    }
}
