package dev.culvert.bench.cases;

/// Something a case measures. Immutable.
///
/// @param name the key in the results
/// @param compared whether a ratio to other systems says something
/// @param more whether more is better
public record Metric(String name, String title, String unit, boolean compared, boolean more) {
    static Metric more(String name, String title, String unit) {
        return new Metric(name, title, unit, true, true);
    }

    static Metric less(String name, String title, String unit) {
        return new Metric(name, title, unit, true, false);
    }

    static Metric shown(String name, String title, String unit) {
        return new Metric(name, title, unit, false, false);
    }

    public String heading() {
        return title + ", " + unit;
    }
}
