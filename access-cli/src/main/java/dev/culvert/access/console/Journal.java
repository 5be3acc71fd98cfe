package dev.culvert.access.console;

import dev.culvert.access.ports.PortEvent;
import dev.culvert.access.ports.PortEvent.Weight;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Tone;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/// The last events, for `log`. Thread-safe: a lock around the list.
final class Journal {
    static final int MOST = 1000;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

    private final Deque<PortEvent> events = new ArrayDeque<>();

    void add(PortEvent event) {
        synchronized (events) {
            events.addLast(event);
            if (events.size() > MOST) {
                events.removeFirst();
            }
        }
    }

    /// The last ones, oldest first.
    List<PortEvent> last(int count) {
        List<PortEvent> all;
        synchronized (events) {
            all = new ArrayList<>(events);
        }
        return all.subList(Math.max(0, all.size() - count), all.size());
    }

    static List<Line> lines(PortEvent event) {
        List<Line> lines = new ArrayList<>();
        lines.add(
                Line.of(Tone.FAINT, TIME.format(event.at()) + " ")
                        .and(Tone.ACCENT, event.port())
                        .and("  ")
                        .and(tone(event.weight()), event.what()));
        if (!event.hint().isEmpty()) {
            lines.add(Line.of(Tone.FAINT, "         " + event.hint()));
        }
        return lines;
    }

    private static Tone tone(Weight weight) {
        return switch (weight) {
            case DETAIL -> Tone.FAINT;
            case NOTICE -> Tone.PLAIN;
            case WARNING -> Tone.WARNING;
            case ERROR -> Tone.BAD;
        };
    }
}
