package dev.culvert.bench;

import dev.culvert.bench.cases.Load;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.function.Predicate;

/// The command line of `bench/run`. Immutable.
///
/// @param only names of cases, empty for all
/// @param systems names of systems, empty for all; `direct` is always there
/// @param seconds of a measurement that lasts as long as it is let
/// @param pairs rounds; each measures direct beside each system
/// @param scale of what has a size instead: bulk bytes, idle streams, desktops
record Options(
        List<String> only,
        List<String> systems,
        boolean quick,
        double seconds,
        int pairs,
        double scale,
        Path out) {
    static final String USAGE =
            """
            usage: bench/run [--only CASE,...] [--systems SYSTEM,...] [--quick] [--seconds N] [--pairs N]
                             [--scale X] [--out DIR]

              --only      some of the cases, by their names or beginnings of them
              --systems   some of the systems; direct is always measured beside them
              --quick     3 pairs of 2 seconds, 256 MB, 500 idle streams and 3 desktops, instead of 5 of 5, 1 GB, 2000
                          and 20
              --seconds   of each measurement
              --pairs     measurements of each system, each with one of direct beside it; below 3 there are no ratios
              --scale     multiplies bytes of bulk transfers and numbers of idle streams and desktops
              --out       directory for the results, default bench/results/DATE-TIME
            """;

    private static final double MAX_SECONDS = 600;
    private static final int MAX_PAIRS = 100;

    /// As many sessions of one desktop as an edge lets a user have.
    private static final int MAX_DESKTOPS = 100;

    /// A mistake on the command line.
    static final class Wrong extends Exception {
        private static final long serialVersionUID = 1;

        Wrong(String message) {
            super(message);
        }
    }

    /// @param results where directories of results are made
    static Options parse(String[] arguments, Path results) throws Wrong {
        List<String> only = List.of();
        List<String> systems = List.of();
        double seconds = 0;
        int pairs = 0;
        double scale = 1;
        Path out = null;
        boolean quick = List.of(arguments).contains("--quick");
        for (int i = 0; i < arguments.length; i++) {
            String name = arguments[i];
            if (name.equals("--quick")) {
                continue;
            }
            if (i + 1 == arguments.length) {
                throw new Wrong(name + ": no value, or no such option");
            }
            String value = arguments[++i];
            switch (name) {
                case "--only" -> only = List.of(value.split(","));
                case "--systems" -> systems = List.of(value.split(","));
                case "--seconds" -> seconds = number(name, value, n -> n > 0 && n <= MAX_SECONDS);
                case "--pairs" ->
                        pairs =
                                (int)
                                        number(
                                                name,
                                                value,
                                                n -> n >= 1 && n <= MAX_PAIRS && n == Math.rint(n));
                case "--scale" -> scale = number(name, value, n -> n > 0 && n <= 100);
                case "--out" -> out = Path.of(value).toAbsolutePath();
                default -> throw new Wrong(name + ": no such option");
            }
        }
        String now =
                LocalDateTime.now(ZoneId.systemDefault())
                        .format(DateTimeFormatter.ofPattern("yyyy-MM-dd-HHmmss"));
        return new Options(
                only,
                systems,
                quick,
                seconds > 0 ? seconds : quick ? 2 : 5,
                pairs > 0 ? pairs : quick ? 3 : 5,
                scale,
                out == null ? results.resolve(now) : out);
    }

    private static double number(String name, String value, Predicate<Double> fits) throws Wrong {
        try {
            double number = Double.parseDouble(value);
            if (fits.test(number)) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new Wrong(
                name
                        + ": "
                        + value
                        + " (expected: a number above 0; seconds to 600, pairs whole and to 100)");
    }

    Load load() {
        return new Load(
                Duration.ofMillis((long) (seconds * 1000)),
                Math.max(100_000, (long) ((quick ? 256_000_000L : 1_000_000_000L) * scale)),
                Math.max(10, (int) ((quick ? 500 : 2000) * scale)),
                // Twenty in all.
                Math.max(1, (20 + pairs - 1) / pairs),
                Math.clamp(Math.round((quick ? 3 : 20) * scale), 1, MAX_DESKTOPS));
    }
}
