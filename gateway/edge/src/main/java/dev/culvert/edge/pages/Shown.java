package dev.culvert.edge.pages;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// How times, sizes and sentences are written on pages. Stateless.
public final class Shown {
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String[] SIZES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

    private Shown() {}

    /// `2026-11-29 08:05 UTC`, for where no script makes it the reader's own time.
    public static String time(Instant at) {
        return MINUTE.format(at);
    }

    public static String iso(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// As a sentence begins.
    public static String capitalized(String text) {
        return text.isEmpty()
                ? text
                : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    /// `1.5 MiB`
    public static String bytes(long count) {
        double size = count;
        int unit = 0;
        while (size >= 1024 && unit < SIZES.length - 1) {
            size /= 1024;
            unit++;
        }
        String figure =
                unit == 0 || size >= 100
                        ? String.format(Locale.ROOT, "%.0f", size)
                        : String.format(Locale.ROOT, "%.1f", size);
        return figure + " " + SIZES[unit];
    }

    /// `3.4 ms`, or a dash for a negative number: not measured.
    public static String millis(double time) {
        return time < 0 ? "–" : String.format(Locale.ROOT, time < 10 ? "%.1f ms" : "%.0f ms", time);
    }
}
