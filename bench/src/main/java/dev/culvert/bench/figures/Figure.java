package dev.culvert.bench.figures;

import java.util.Locale;

/// Numbers as people read them: three digits that count. Holds no state.
public final class Figure {
    private Figure() {}

    public static String of(double value) {
        if (!Double.isFinite(value)) {
            return "–";
        }
        double size = Math.abs(value);
        if (size >= 1000) {
            double unit = Math.pow(10, Math.floor(Math.log10(size)) - 2);
            return String.format(Locale.ROOT, "%,d", (long) (Math.rint(value / unit) * unit));
        }
        int digits = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }

    public static String range(double low, double high) {
        return of(low) + "–" + of(high);
    }
}
