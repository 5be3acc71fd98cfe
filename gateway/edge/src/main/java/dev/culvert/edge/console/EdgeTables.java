package dev.culvert.edge.console;

import dev.culvert.terminal.Amounts;
import dev.culvert.terminal.Columns;
import dev.culvert.terminal.Fuzzy;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Tone;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// The admin endpoint's answers as tables and lines. Immutable.
final class EdgeTables {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());
    private static final int SHORT_ID = 8;

    private EdgeTables() {}

    static Columns tunnels(List<JsonNode> tunnels, List<JsonNode> connections) {
        Columns table = new Columns("TUNNEL", "ROUTES>", "CONNECTIONS>", "STREAMS>", "ID");
        for (JsonNode tunnel : tunnels) {
            String id = text(tunnel, "id");
            List<JsonNode> own =
                    connections.stream().filter(each -> text(each, "tunnelId").equals(id)).toList();
            table.row(
                    Line.of(Tone.ACCENT, text(tunnel, "name")),
                    Line.of(text(tunnel, "routes")),
                    Line.of(own.isEmpty() ? Tone.BAD : Tone.GOOD, String.valueOf(own.size())),
                    Line.of(String.valueOf(sum(own, "streams"))),
                    Line.of(Tone.FAINT, id));
        }
        return table;
    }

    static Columns connections(List<JsonNode> connections, Rates rates) {
        Columns table =
                new Columns(
                        "TUNNEL",
                        "CONNECTOR",
                        "#>",
                        "PROTOCOL",
                        "FROM",
                        "STREAMS>",
                        "IN>",
                        "OUT>",
                        "IN/S>",
                        "OUT/S>",
                        "AGE>");
        for (JsonNode each : connections) {
            String id = text(each, "id");
            double in = rates.of(id, "received", each.path("received").asLong(0));
            double out = rates.of(id, "sent", each.path("sent").asLong(0));
            table.row(
                    Line.of(Tone.ACCENT, text(each, "tunnelName")),
                    Line.of(shortened(text(each, "connector"))),
                    Line.of(text(each, "index")),
                    Line.of(text(each, "protocol")),
                    Line.of(text(each, "address")),
                    Line.of(text(each, "streams")),
                    Line.of(Amounts.bytes(each.path("received").asLong(0))),
                    Line.of(Amounts.bytes(each.path("sent").asLong(0))),
                    rate(in),
                    rate(out),
                    Line.of(age(text(each, "since"))));
        }
        return table;
    }

    private static Line rate(double perSecond) {
        return perSecond < 0.5
                ? Line.of(Tone.FAINT, "-")
                : Line.of(Tone.GOOD, Amounts.bytes(Math.round(perSecond)));
    }

    static Columns sessions(List<JsonNode> sessions) {
        Columns table = new Columns("ID", "WHO", "KIND", "BY", "FROM", "STREAMS>", "SEEN>", "AGE>");
        for (JsonNode each : sessions) {
            long streams = each.path("streams").asLong(0);
            table.row(
                    Line.of(Tone.FAINT, shortened(text(each, "id"))),
                    Line.of(Tone.ACCENT, text(each, "email")),
                    Line.of(text(each, "kind")),
                    Line.of(text(each, "loginMethod")),
                    Line.of(text(each, "address")),
                    Line.of(streams > 0 ? Tone.GOOD : Tone.FAINT, String.valueOf(streams)),
                    Line.of(age(text(each, "lastSeenAt"))),
                    Line.of(age(text(each, "createdAt"))));
        }
        return table;
    }

    /// Those in which the letters are found.
    static List<JsonNode> search(List<JsonNode> all, String letters, String... fields) {
        return Fuzzy.rank(
                letters,
                all,
                each -> {
                    StringBuilder words = new StringBuilder();
                    for (String field : fields) {
                        words.append(text(each, field)).append(' ');
                    }
                    return words.toString();
                });
    }

    /// One thing that happened.
    static Line event(JsonNode event) {
        String outcome = text(event, "outcome");
        Line line =
                Line.of(Tone.FAINT, clock(text(event, "at")) + " ")
                        .and(text(event, "kind") + " ")
                        .and(tone(outcome), outcome)
                        .and("  ")
                        .and(Tone.ACCENT, text(event, "actor"));
        for (String field : List.of("application", "host", "policy", "address")) {
            String value = text(event, field);
            line = value.isEmpty() ? line : line.and("  " + value);
        }
        return line;
    }

    private static Tone tone(String outcome) {
        return switch (outcome.toLowerCase(Locale.ROOT)) {
            case "allow", "allowed", "bypass", "ok", "begun", "success" -> Tone.GOOD;
            case "deny", "denied", "failed", "refused", "failure" -> Tone.BAD;
            default -> Tone.PLAIN;
        };
    }

    static String text(JsonNode json, String field) {
        return json.path(field).asString("");
    }

    static long sum(List<JsonNode> all, String field) {
        return all.stream().mapToLong(each -> each.path(field).asLong(0)).sum();
    }

    static String shortened(String id) {
        return id.length() > SHORT_ID ? id.substring(0, SHORT_ID) : id;
    }

    private static String clock(String at) {
        try {
            return TIME.format(Instant.parse(at));
        } catch (DateTimeException e) {
            return at;
        }
    }

    private static String age(String since) {
        try {
            Duration age = Duration.between(Instant.parse(since), Instant.now());
            long seconds = Math.max(0, age.toSeconds());
            return seconds < 60
                    ? seconds + "s"
                    : seconds < 3600
                            ? seconds / 60 + "m"
                            : seconds < 86400
                                    ? seconds / 3600 + "h" + seconds / 60 % 60 + "m"
                                    : seconds / 86400 + "d";
        } catch (DateTimeException e) {
            return "-";
        }
    }
}
