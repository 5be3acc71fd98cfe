package dev.culvert.access.console;

import dev.culvert.access.StreamMeter;
import dev.culvert.access.ports.LocalPort;
import dev.culvert.access.ports.LocalPorts;
import dev.culvert.terminal.Amounts;
import dev.culvert.terminal.Columns;
import dev.culvert.terminal.Line;
import dev.culvert.terminal.Tone;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/// The streams of all local ports as a table, with rates since it was last drawn.
///
/// Confined to the thread that draws.
final class StreamTable {
    private final LocalPorts ports;
    private final LongSupplier nanos;
    private Map<StreamMeter, Sample> before = new IdentityHashMap<>();

    private record Sample(long at, long up, long down) {}

    /// @param nanos the clock
    StreamTable(LocalPorts ports, LongSupplier nanos) {
        this.ports = ports;
        this.nanos = nanos;
    }

    List<Line> lines(int width) {
        Columns table =
                new Columns(
                        "PORT", "#>", "FROM", "UP>", "DOWN>", "UP/S>", "DOWN/S>", "RTT>", "OPENED>",
                        "AGE>");
        Map<StreamMeter, Sample> now = new IdentityHashMap<>();
        for (LocalPort port : ports.list()) {
            for (StreamMeter stream : port.streams()) {
                Sample sample = new Sample(nanos.getAsLong(), stream.up(), stream.down());
                now.put(stream, sample);
                table.row(row(port, stream, sample));
            }
        }
        before = now;
        List<Line> lines = new ArrayList<>(table.lines(width));
        if (now.isEmpty()) {
            lines.add(Line.of(Tone.FAINT, "no streams"));
        }
        lines.add(Line.EMPTY);
        String count = "ports " + ports.list().size() + ", streams " + now.size();
        lines.add(Line.of(Tone.FAINT, count));
        return lines;
    }

    private Line[] row(LocalPort port, StreamMeter stream, Sample now) {
        Sample last = before.getOrDefault(stream, now);
        double seconds = (now.at - last.at) / 1e9;
        double up = seconds <= 0 ? 0 : (now.up - last.up) / seconds;
        double down = seconds <= 0 ? 0 : (now.down - last.down) / seconds;
        return new Line[] {
            Line.of(Tone.ACCENT, port.name()),
            Line.of(Long.toString(stream.number())),
            Line.of(stream.from()),
            Line.of(Amounts.bytes(now.up)),
            Line.of(Amounts.bytes(now.down)),
            Line.of(up > 0 ? Tone.GOOD : Tone.FAINT, Amounts.rate(up)),
            Line.of(down > 0 ? Tone.GOOD : Tone.FAINT, Amounts.rate(down)),
            Line.of(Amounts.delay(stream.roundTripNanos())),
            opened(stream),
            Line.of(Amounts.age(stream.ageNanos()))
        };
    }

    private static Line opened(StreamMeter stream) {
        if (stream.isOpen()) {
            return Line.of(Amounts.delay(stream.openedAfterNanos()));
        }
        int tries = stream.attempts();
        return Line.of(Tone.WARNING, tries == 1 ? "opening" : "try " + tries);
    }
}
