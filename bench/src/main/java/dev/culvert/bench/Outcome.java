package dev.culvert.bench;

import dev.culvert.bench.cases.Case;
import dev.culvert.bench.cases.Metric;
import dev.culvert.bench.figures.Comparison;
import dev.culvert.bench.figures.Spread;
import dev.culvert.bench.ground.Relay;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What became of a case: its measurements, and which systems could not take part or failed. Confined to one thread.
final class Outcome {
    private final Case what;
    private final List<Measurement> measurements = new ArrayList<>();
    private final Map<String, String> notAvailable = new LinkedHashMap<>();
    private final Map<String, String> failed = new LinkedHashMap<>();

    Outcome(Case what) {
        this.what = what;
    }

    Case what() {
        return what;
    }

    List<Measurement> measurements() {
        return measurements;
    }

    /// Reasons by system.
    Map<String, String> notAvailable() {
        return notAvailable;
    }

    /// Reasons by system.
    Map<String, String> failed() {
        return failed;
    }

    /// Those that were measured, in the order they came.
    Set<String> systems() {
        Set<String> systems = new LinkedHashSet<>();
        measurements.forEach(each -> systems.add(each.system()));
        return systems;
    }

    Optional<Spread> spread(String system, Metric metric) {
        List<Double> values =
                measurements.stream()
                        .filter(each -> each.system().equals(system))
                        .map(each -> each.values().getOrDefault(metric.name(), Double.NaN))
                        .filter(Double::isFinite)
                        .toList();
        return values.isEmpty() ? Optional.empty() : Optional.of(Spread.of(values));
    }

    /// A system against another, by measurements of one round; [Relay#DIRECT] has one beside each.
    Comparison compare(String system, String other, Metric metric) {
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        for (Measurement one : measurements) {
            if (one.system().equals(system)) {
                for (Measurement two : measurements) {
                    boolean beside =
                            !other.equals(Relay.DIRECT) || two.beside().equals(one.system());
                    if (two.system().equals(other) && two.round() == one.round() && beside) {
                        first.add(one.values().getOrDefault(metric.name(), Double.NaN));
                        second.add(two.values().getOrDefault(metric.name(), Double.NaN));
                    }
                }
            }
        }
        return Comparison.of(first, second);
    }

    /// Processors the generator kept busy, as a median.
    double generatorCores(String system) {
        return median(system, each -> each.generatorSeconds() / each.seconds());
    }

    /// Whether the generator may have been what limited this system.
    boolean generatorBound(String system) {
        return generatorCores(system) > 0.85 * what.generatorThreads();
    }

    /// Processors a program kept busy, as a median.
    double cores(String system, String role) {
        return median(
                system,
                each -> {
                    var usage = each.programs().get(role);
                    return usage == null ? 0 : usage.cpuSeconds() / each.seconds();
                });
    }

    /// Resident at most in any measurement.
    long peakBytes(String system, String role) {
        return measurements.stream()
                .filter(each -> each.system().equals(system))
                .map(each -> each.programs().get(role))
                .filter(usage -> usage != null)
                .mapToLong(usage -> usage.peakBytes())
                .max()
                .orElse(0);
    }

    private double median(String system, java.util.function.ToDoubleFunction<Measurement> figure) {
        List<Double> values =
                measurements.stream()
                        .filter(each -> each.system().equals(system))
                        .map(figure::applyAsDouble)
                        .toList();
        return values.isEmpty() ? Double.NaN : Spread.of(values).median();
    }
}
