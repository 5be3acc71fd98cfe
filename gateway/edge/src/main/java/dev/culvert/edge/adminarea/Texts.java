package dev.culvert.edge.adminarea;

import dev.culvert.edge.pages.Shown;
import dev.culvert.edge.state.StateException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Words of the admin area. Stateless.
final class Texts {
    private Texts() {}

    /// What was wrong, as a sentence.
    static String sentence(StateException e) {
        return Shown.capitalized(String.valueOf(e.getMessage())) + ".";
    }

    /// `1 day 2 h`, `30 min`, `15 s`
    static String duration(Duration time) {
        List<String> parts = new ArrayList<>();
        long days = time.toDays();
        if (days > 0) {
            parts.add(days == 1 ? "1 day" : days + " days");
        }
        add(parts, time.toHoursPart(), "h");
        add(parts, time.toMinutesPart(), "min");
        add(parts, time.toSecondsPart(), "s");
        return parts.isEmpty() ? "0 s" : String.join(" ", parts);
    }

    private static void add(List<String> parts, int amount, String unit) {
        if (amount > 0) {
            parts.add(amount + " " + unit);
        }
    }

    static String count(long number, String one, String many) {
        return number == 1 ? "1 " + one : String.format(Locale.ROOT, "%,d %s", number, many);
    }
}
