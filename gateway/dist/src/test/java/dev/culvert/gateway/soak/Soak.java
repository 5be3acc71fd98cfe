package dev.culvert.gateway.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `bin/soak`: runs the scenarios named, or all, and prints a table. Exit 1 when one fails.
public final class Soak {
    private Soak() {}

    /// @param arguments directory of the programs, scale, names of scenarios
    public static void main(String[] arguments) throws Exception {
        Path programs = Path.of(arguments[0]).toAbsolutePath();
        double scale = Double.parseDouble(arguments[1]);
        List<String> wanted = List.of(arguments).subList(2, arguments.length);
        Path directory = Files.createTempDirectory("culvert-soak-");
        boolean failed = false;
        try (Origins origins = new Origins()) {
            Site site = Site.create(programs, directory);
            Map<String, Callable<Row>> all = scenarios(site, origins, scale);
            for (String name : wanted) {
                if (!all.containsKey(name)) {
                    System.err.println(
                            "soak: error: no scenario " + name + " (expected: " + all.keySet());
                    System.exit(2);
                }
            }
            System.out.println(Row.HEAD);
            for (var scenario : all.entrySet()) {
                if (wanted.isEmpty() || wanted.contains(scenario.getKey())) {
                    failed |= !run(scenario.getKey(), scenario.getValue());
                }
            }
        }
        if (failed) {
            System.out.println("logs: " + directory);
        }
        System.exit(failed ? 1 : 0);
    }

    private static Map<String, Callable<Row>> scenarios(Site site, Origins origins, double scale) {
        Scenarios scenarios = new Scenarios(site, origins, scale);
        Faults faults = new Faults(scenarios, origins);
        Map<String, Callable<Row>> all = new LinkedHashMap<>();
        all.put("concurrent", scenarios::concurrentStreams);
        all.put("sequence", scenarios::manyStreams);
        all.put("bulk", scenarios::bulk);
        all.put("stopped", faults::stoppedReaders);
        all.put("killed", faults::killed);
        all.put("idle", scenarios::idleStreams);
        all.put("revoked", () -> new Revoked(site, scenarios).run());
        all.put("recordings", () -> new Recorded(site, scenarios).run());
        all.put("mixed", () -> new Mixed(scenarios).run());
        all.put("slow", () -> faults.slowClients(scenarios.scaled(500, 100), 128));
        return all;
    }

    private static boolean run(String name, Callable<Row> scenario) {
        long start = System.nanoTime();
        Row row;
        try {
            row = scenario.call();
        } catch (Exception e) {
            row = new Row(name, e.toString(), "", (System.nanoTime() - start) / 1e9, 0, 0, "");
        }
        System.out.println(row);
        return row.problem() == null;
    }
}
