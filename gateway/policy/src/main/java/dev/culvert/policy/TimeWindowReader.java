package dev.culvert.policy;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.ConfigValue;
import dev.culvert.config.NearestName;
import dev.culvert.config.Shown;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads `{days: [mon, tue], from: "08:00", to: "18:00", zone: Europe/Berlin}`. Without days it is every
/// day, without times the whole day. Stateless.
final class TimeWindowReader {
    private static final Map<String, DayOfWeek> DAYS = new LinkedHashMap<>();

    static {
        for (DayOfWeek day : DayOfWeek.values()) {
            DAYS.put(day.name().substring(0, 3).toLowerCase(Locale.ROOT), day);
        }
    }

    private TimeWindowReader() {}

    static @Nullable Selector read(ConfigValue value) {
        ConfigMap map = value.map();
        if (map == null) {
            return null;
        }
        Set<DayOfWeek> days = days(map.value("days"));
        LocalTime from = time(map, "from");
        LocalTime to = time(map, "to");
        ZoneId zone = zone(map);
        if (!map.has("days") && !map.has("from") && !map.has("to")) {
            map.problem("", "is always (expected: days, from, to)");
        }
        map.finish();
        return zone == null || days.isEmpty() || from == null || to == null
                ? null
                : new Selector.TimeWindow(days, from, to, zone);
    }

    private static Set<DayOfWeek> days(@Nullable ConfigValue value) {
        if (value == null) {
            return EnumSet.allOf(DayOfWeek.class);
        }
        Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
        List<ConfigValue> elements = value.isList() ? value.elements() : List.of(value);
        for (ConfigValue element : elements) {
            String text = element.text();
            DayOfWeek day = text == null ? null : DAYS.get(text);
            if (day != null) {
                days.add(day);
            } else if (text != null) {
                element.problem(
                        Shown.value(text) + " (expected: " + String.join(", ", DAYS.keySet()) + ")",
                        nearestDay(text));
            }
        }
        if (elements.isEmpty()) {
            value.problem("is empty (expected: such as [mon, tue])");
        }
        return days;
    }

    private static @Nullable String nearestDay(String text) {
        String begin = text.substring(0, Math.min(3, text.length())).toLowerCase(Locale.ROOT);
        return DAYS.containsKey(begin) ? begin : NearestName.of(text, DAYS.keySet());
    }

    /// `24:00` is the midnight after, and so is nothing.
    private static @Nullable LocalTime time(ConfigMap map, String key) {
        if (!map.has(key)) {
            return LocalTime.MIDNIGHT;
        }
        String text = map.text(key);
        if (text == null) {
            return null;
        }
        if (text.equals("24:00") && key.equals("to")) {
            return LocalTime.MIDNIGHT;
        }
        try {
            if (text.length() == 5) {
                return LocalTime.parse(text);
            }
        } catch (DateTimeParseException e) {
            // Reported below, as what is too long or too short.
        }
        map.problem(key, Shown.value(text) + " (expected: hours and minutes, such as \"08:00\")");
        return null;
    }

    private static @Nullable ZoneId zone(ConfigMap map) {
        ConfigValue value = map.value("zone");
        if (value == null) {
            map.problem("zone", "missing (expected: a time zone, such as Europe/Berlin)");
            return null;
        }
        String text = value.text();
        if (text == null) {
            return null;
        }
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            value.problem(
                    Shown.value(text) + " (expected: a time zone, such as Europe/Berlin)",
                    NearestName.of(text, ZoneId.getAvailableZoneIds()));
            return null;
        }
    }
}
