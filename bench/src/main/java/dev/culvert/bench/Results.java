package dev.culvert.bench;

import dev.culvert.bench.cases.Metric;
import dev.culvert.bench.figures.Comparison;
import dev.culvert.bench.figures.Json;
import dev.culvert.bench.figures.Spread;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Writes a directory of results: `results.json` with every measurement, `results.md`, a chart for each group. Holds no
/// state.
final class Results {
    private Results() {}

    static void write(Path directory, Report report) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("results.json"), json(report));
        Files.writeString(directory.resolve("results.md"), report.markdown());
        for (String group : report.groups()) {
            if (!report.chart(group).isEmpty()) {
                Files.writeString(directory.resolve(group + ".svg"), report.chart(group).svg());
            }
        }
    }

    private static String json(Report report) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("format", 1);
        all.put("facts", report.facts());
        all.put("options", report.options());
        all.put("systems", report.systems());
        all.put("cases", report.outcomes().stream().map(Results::outcome).toList());
        return Json.write(all);
    }

    private static Map<String, Object> outcome(Outcome outcome) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", outcome.what().name());
        all.put("title", outcome.what().title());
        all.put("notAvailable", outcome.notAvailable());
        all.put("failed", outcome.failed());
        List<Object> summary = new ArrayList<>();
        for (Metric metric : outcome.what().metrics()) {
            for (String system : outcome.systems()) {
                outcome.spread(system, metric)
                        .ifPresent(spread -> summary.add(line(outcome, metric, system, spread)));
            }
        }
        all.put("summary", summary);
        all.put("measurements", outcome.measurements().stream().map(Results::measurement).toList());
        return all;
    }

    private static Map<String, Object> line(
            Outcome outcome, Metric metric, String system, Spread spread) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("metric", metric.name());
        line.put("unit", metric.unit());
        line.put("system", system);
        line.put("median", spread.median());
        line.put("min", spread.min());
        line.put("lower", spread.lower());
        line.put("upper", spread.upper());
        line.put("max", spread.max());
        line.put("count", spread.count());
        if (metric.compared()
                && !system.equals(Relay.DIRECT)
                && outcome.systems().contains(Relay.DIRECT)) {
            line.put("toDirect", comparison(outcome.compare(system, Relay.DIRECT, metric)));
        }
        return line;
    }

    private static Map<String, Object> comparison(Comparison comparison) {
        Map<String, Object> line = new LinkedHashMap<>();
        switch (comparison) {
            case Comparison.Ratio ratio -> {
                line.put("ratio", ratio.median());
                line.put("low", ratio.low());
                line.put("high", ratio.high());
            }
            case Comparison.Undecided undecided -> {
                line.put("refused", undecided.reason());
                line.put("low", undecided.low());
                line.put("high", undecided.high());
            }
        }
        return line;
    }

    private static Map<String, Object> measurement(Measurement measurement) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("system", measurement.system());
        line.put("round", measurement.round());
        line.put("beside", measurement.beside());
        line.put("seconds", measurement.seconds());
        line.put("values", measurement.values());
        line.put("generatorSeconds", measurement.generatorSeconds());
        Map<String, Object> programs = new LinkedHashMap<>();
        measurement
                .programs()
                .forEach((role, usage) ->
                        programs.put(
                                role,
                                Map.of(
                                        "cpuSeconds",
                                        usage.cpuSeconds(),
                                        "peakBytes",
                                        usage.peakBytes())));
        line.put("programs", programs);
        return line;
    }
}
