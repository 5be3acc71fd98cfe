package dev.culvert.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Durations as Go writes them: `30s`, `1m30s`, `1.5h`, `0`. Units `ns`, `us`, `µs`, `ms`, `s`, `m`,
/// `h`; at most 2^63-1 ns.
///
/// Source: Go, `time.ParseDuration`.
public final class GoDuration {
    private static final Pattern PART =
            Pattern.compile("(\\d{1,20}(?:\\.\\d{0,20})?|\\.\\d{1,20})(ns|us|µs|μs|ms|s|m|h)");
    private static final int MAX_LENGTH = 64;

    private GoDuration() {}

    /// @throws IllegalArgumentException with a message for the user, without the key
    public static Duration parse(String text) {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        String expected = " (expected: a duration such as 30s or 1m30s)";
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new IllegalArgumentException(
                    Shown.value(text)
                            + " has no unit (expected: a duration such as "
                            + (text.length() > 9 ? "30" : text)
                            + "s)");
        }
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(Shown.value(text) + expected);
        }
        boolean negative = text.startsWith("-");
        Matcher part = PART.matcher(text);
        int at = negative || text.startsWith("+") ? 1 : 0;
        BigDecimal nanos = BigDecimal.ZERO;
        boolean any = false;
        while (at < text.length()) {
            part.region(at, text.length());
            if (!part.lookingAt()) {
                throw new IllegalArgumentException(Shown.value(text) + expected);
            }
            nanos =
                    nanos.add(
                            new BigDecimal(part.group(1))
                                    .multiply(BigDecimal.valueOf(nanosOf(part.group(2)))));
            any = true;
            at = part.end();
        }
        if (!any) {
            throw new IllegalArgumentException(Shown.value(text) + expected);
        }
        if (nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException(
                    Shown.value(text) + " is too long (expected: at most 2562047h)");
        }
        return Duration.ofNanos(negative ? -nanos.longValue() : nanos.longValue());
    }

    /// The shortest of Go's spellings: `1m30s`, `500ms`, `0s`.
    public static String format(Duration duration) {
        if (duration.isNegative()) {
            return "-" + format(duration.negated());
        }
        StringBuilder text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutesPart() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        int nanos = duration.toNanosPart();
        if (nanos == 0) {
            if (duration.toSecondsPart() > 0 || text.isEmpty()) {
                text.append(duration.toSecondsPart()).append('s');
            }
        } else {
            BigDecimal seconds =
                    BigDecimal.valueOf(duration.toSecondsPart()).add(BigDecimal.valueOf(nanos, 9));
            boolean millis = text.isEmpty() && duration.toSecondsPart() == 0;
            text.append(
                            (millis ? seconds.movePointRight(3) : seconds)
                                    .stripTrailingZeros()
                                    .toPlainString())
                    .append(millis ? "ms" : "s");
        }
        return text.toString();
    }

    private static long nanosOf(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs", "μs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}
