package dev.culvert.terminal;

import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Bytes and times as people read them, in few characters. Immutable.
public final class Amounts {
    /// Of 1024 each, as `ls -h` writes them.
    private static final String UNITS = "BKMGTP";

    private Amounts() {}

    public static String bytes(long count) {
        double amount = count;
        int unit = 0;
        // 1023.95 would be shown as 1024.0.
        while (amount >= 1023.95 && unit < UNITS.length() - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0
                ? Long.toString(count)
                : String.format(Locale.ROOT, "%.1f%c", amount, UNITS.charAt(unit));
    }

    public static String rate(double bytesPerSecond) {
        return bytesPerSecond < 0.5 ? "-" : bytes(Math.round(bytesPerSecond));
    }

    /// A delay, or a dash for one that is not known.
    public static String delay(long nanos) {
        if (nanos <= 0) {
            return "-";
        }
        double millis = nanos / 1e6;
        return millis < 10
                ? String.format(Locale.ROOT, "%.1f ms", millis)
                : Math.round(millis) + " ms";
    }

    public static String age(long nanos) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos);
        if (seconds < 60) {
            return seconds + "s";
        } else if (seconds < 3600) {
            return seconds / 60 + "m" + seconds % 60 + "s";
        }
        return seconds / 3600 + "h" + seconds / 60 % 60 + "m";
    }
}
