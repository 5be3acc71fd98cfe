package dev.culvert.bench;

import dev.culvert.bench.cases.Metric;
import dev.culvert.bench.figures.BarChart;
import dev.culvert.bench.figures.Comparison;
import dev.culvert.bench.figures.Figure;
import dev.culvert.bench.figures.Spread;
import dev.culvert.bench.ground.Relay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `results.md` and the charts. Immutable.
///
/// @param systems name and how it works, in order
record Report(
        Map<String, Object> facts,
        String options,
        Map<String, String> systems,
        List<Outcome> outcomes) {
    /// What the second column of ratios is against.
    private static final String OURS = "culvert-http2";

    private static final Set<String> SERVICES = Set.of("nginx", "origin", "sshd");

    String markdown() {
        StringBuilder out = new StringBuilder("# Measurements\n\n");
        facts.forEach((name, value) -> out.append("- %s: %s\n".formatted(name, value)));
        out.append("- options: %s\n".formatted(options));
        out.append(
                """

                How to read it: each figure is a median, with the least and the greatest measurement in parentheses. A ratio
                is the median of the ratios of pairs taken side by side, with their spread (quartiles from five pairs on);
                there is none when the spread is wider than the difference. *CPU* is what each program used: a request's
                where requests are counted, a megabyte's where bytes are, else processors kept busy. ⚠ the load
                generator was near its own limit: the system may be faster than the figure.

                | system | |
                |---|---|
                """);
        systems.forEach((name, note) -> out.append("| %s | %s |\n".formatted(name, note)));
        for (String group : groups()) {
            out.append("\n## %s\n\n".formatted(heading(group)));
            if (!chart(group).isEmpty()) {
                out.append("![%s](%s.svg)\n".formatted(heading(group), group));
            }
            for (Outcome outcome : outcomes) {
                if (outcome.what().group().equals(group)) {
                    table(outcome, out);
                }
            }
        }
        return out.toString();
    }

    Set<String> groups() {
        Set<String> groups = new LinkedHashSet<>();
        outcomes.forEach(outcome -> groups.add(outcome.what().group()));
        return groups;
    }

    /// By the first metric of each case.
    BarChart chart(String group) {
        BarChart chart = new BarChart(heading(group), List.copyOf(systems.keySet()));
        for (Outcome outcome : outcomes) {
            if (outcome.what().group().equals(group)) {
                // What has no ratio has several metrics of one weight.
                for (Metric metric : outcome.what().metrics()) {
                    if (metric.equals(outcome.what().metrics().getFirst()) || !metric.compared()) {
                        for (String system : outcome.systems()) {
                            outcome.spread(system, metric)
                                    .ifPresent(spread ->
                                            chart.add(
                                                    outcome.what().title()
                                                            + " – "
                                                            + metric.heading(),
                                                    system,
                                                    spread));
                        }
                    }
                }
            }
        }
        return chart;
    }

    private static String heading(String group) {
        return group.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + group.substring(1);
    }

    private static void table(Outcome outcome, StringBuilder out) {
        List<Metric> metrics = outcome.what().metrics();
        out.append("\n### %s (`%s`)\n\n".formatted(outcome.what().title(), outcome.what().name()));
        List<String> head = new ArrayList<>(List.of("system"));
        metrics.forEach(metric -> head.add(metric.heading()));
        boolean compared = metrics.getFirst().compared();
        boolean ours = compared && outcome.systems().contains(OURS);
        if (compared) {
            head.add(metrics.getFirst().title() + " ÷ direct");
        }
        if (ours) {
            head.add(metrics.getFirst().title() + " ÷ " + OURS);
        }
        head.addAll(List.of("CPU", "peak memory, MB", "generator, processors"));
        row(head, out);
        row(head.stream().map(_ -> "---").toList(), out);
        for (String system : outcome.systems()) {
            List<String> cells = new ArrayList<>(List.of(system));
            for (Metric metric : metrics) {
                cells.add(outcome.spread(system, metric).map(Report::spread).orElse("–"));
            }
            if (compared) {
                cells.add(
                        system.equals(Relay.DIRECT)
                                ? "1"
                                : ratio(outcome.compare(system, Relay.DIRECT, metrics.getFirst())));
            }
            if (ours) {
                cells.add(
                        system.equals(OURS)
                                ? "1"
                                : system.equals(Relay.DIRECT)
                                        ? ""
                                        : ratio(outcome.compare(system, OURS, metrics.getFirst())));
            }
            cells.add(cpu(outcome, system));
            cells.add(peak(outcome, system));
            cells.add(
                    Figure.of(outcome.generatorCores(system))
                            + (outcome.generatorBound(system) ? " ⚠" : ""));
            row(cells, out);
        }
        Map<String, String> missing = new LinkedHashMap<>();
        outcome.notAvailable().forEach((name, why) -> missing.put(name, "not available: " + why));
        outcome.failed().forEach((name, why) -> missing.put(name, "**failed**: " + why));
        if (!missing.isEmpty()) {
            out.append('\n');
            missing.forEach((name, why) -> out.append("- %s: %s\n".formatted(name, why)));
        }
    }

    private static void row(List<String> cells, StringBuilder out) {
        out.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String spread(Spread spread) {
        return spread.count() == 1
                ? Figure.of(spread.median())
                : "%s (%s)"
                        .formatted(
                                Figure.of(spread.median()),
                                Figure.range(spread.min(), spread.max()));
    }

    static String ratio(Comparison comparison) {
        return switch (comparison) {
            case Comparison.Ratio ratio ->
                    "**%s** (%s)"
                            .formatted(
                                    Figure.of(ratio.median()),
                                    Figure.range(ratio.low(), ratio.high()));
            case Comparison.Undecided undecided ->
                    Double.isFinite(undecided.low())
                            ? "no ratio: %s (%s)"
                                    .formatted(
                                            undecided.reason(),
                                            Figure.range(undecided.low(), undecided.high()))
                            : "no ratio: " + undecided.reason();
        };
    }

    private static Set<String> roles(Outcome outcome, String system) {
        Set<String> roles = new LinkedHashSet<>();
        for (Measurement each : outcome.measurements()) {
            if (each.system().equals(system)) {
                roles.addAll(each.programs().keySet());
            }
        }
        return roles;
    }

    private static String cpu(Outcome outcome, String system) {
        Metric metric = outcome.what().metrics().getFirst();
        double rate = outcome.spread(system, metric).map(Spread::median).orElse(Double.NaN);
        List<String> cells = new ArrayList<>();
        for (String role : roles(outcome, system)) {
            double cores = outcome.cores(system, role);
            if (cores >= 0.005) {
                cells.add(
                        role
                                + " "
                                + switch (metric.unit()) {
                                    case "1/s" -> Figure.of(cores * 1e6 / rate) + " µs";
                                    case "MB/s" -> Figure.of(cores * 1e3 / rate) + " ms";
                                    default -> Figure.of(cores);
                                });
            }
        }
        return String.join(", ", cells);
    }

    private static String peak(Outcome outcome, String system) {
        List<String> cells = new ArrayList<>();
        for (String role : roles(outcome, system)) {
            // The services are the same for all.
            if (!SERVICES.contains(role)) {
                cells.add(role + " " + (outcome.peakBytes(system, role) >> 20));
            }
        }
        return String.join(", ", cells);
    }
}
