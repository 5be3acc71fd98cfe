package dev.culvert.bench.cases;

import dev.culvert.bench.ground.DesktopWay;
import dev.culvert.bench.ground.Family;
import dev.culvert.bench.ground.Program;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Remote desktops that are open at once, on each of which a terminal writes the time in one place five times a
/// second: what each costs edge, connector and guacd, in live heap after a full collection, resident, and of processors.
///
/// The clients of guacd's sessions only count and answer; those of the built-in engine are pages of one Chromium. A frame
/// is what guacd draws up to a `sync`, or one turn of the browser's painting in which the host's pixels came.
record DesktopSessionsCase(DesktopWay.Kind kind) implements Case {
    @Override
    public String name() {
        return "desktop-sessions-" + kind.label();
    }

    @Override
    public String title() {
        return "A remote desktop (" + kind.title() + ")";
    }

    @Override
    public String group() {
        return "desktops";
    }

    @Override
    public boolean needsDesktops() {
        return true;
    }

    @Override
    public List<Metric> metrics() {
        List<Metric> metrics = new ArrayList<>();
        for (String program : List.of("edge", "connector")) {
            metrics.add(Metric.shown(program + "-heap", "heap, " + program, "bytes a session"));
            metrics.add(Metric.shown(program + "-rss", "resident, " + program, "bytes a session"));
            metrics.add(Metric.shown(program + "-cpu", program, "ms/s a session"));
        }
        if (kind != DesktopWay.Kind.BUILT_IN) {
            metrics.add(Metric.shown("guacd-rss", "resident, guacd", "bytes a session"));
            metrics.add(Metric.shown("guacd-cpu", "guacd", "ms/s a session"));
        }
        metrics.add(Metric.shown("frames", "frames", "1/s a session"));
        metrics.add(Metric.shown("bytes", "to the browser", "bytes/s a session"));
        metrics.add(Metric.shown("sessions", "sessions", "in all"));
        return metrics;
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Optional<String> obstacle(Relay relay) throws IOException, InterruptedException {
        if (relay.desktops().isEmpty()) {
            return Optional.of("it is no way for remote desktops, or there are no hosts of them");
        }
        return kind == DesktopWay.Kind.BUILT_IN ? ChromiumDesktops.obstacle() : Optional.empty();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        DesktopWay way = relay.desktops().orElseThrow();
        Program edge = relay.programs().get(0);
        Program connector = relay.programs().get(1);
        Family guacd = way.guacd();
        Cost edgeBefore = Cost.of(edge);
        Cost connectorBefore = Cost.of(connector);
        long guacdBefore = guacd.residentBytes();
        int count = load.desktops();
        Map<String, Double> values = new LinkedHashMap<>();
        try (Desktops desktops = open(way, count)) {
            Turn before = Turn.now(edge, connector, guacd, desktops);
            Thread.sleep(load.time());
            Turn after = Turn.now(edge, connector, guacd, desktops);
            double seconds = (after.nanos() - before.nanos()) / 1e9;
            put(values, "edge", edgeBefore, Cost.of(edge));
            put(values, "connector", connectorBefore, Cost.of(connector));
            values.put("guacd-rss", (double) guacd.residentBytes() - guacdBefore);
            values.put("edge-cpu", (after.edge() - before.edge()) * 1e3 / seconds);
            values.put("connector-cpu", (after.connector() - before.connector()) * 1e3 / seconds);
            values.put("guacd-cpu", (after.guacd() - before.guacd()) * 1e3 / seconds);
            Desktops.Shown shown = shown(before.shown(), after.shown());
            values.put("frames", shown.frames() / seconds);
            values.put("bytes", shown.bytes() / seconds);
        }
        values.replaceAll((_, all) -> all / count);
        values.put("sessions", (double) count);
        return values;
    }

    private Desktops open(DesktopWay way, int count) throws Exception {
        return kind == DesktopWay.Kind.BUILT_IN
                ? ChromiumDesktops.open(way, count)
                : GuacdDesktops.open(way, kind, count);
    }

    private static void put(Map<String, Double> values, String program, Cost before, Cost after) {
        values.put(program + "-heap", after.heap() - before.heap());
        values.put(program + "-rss", (double) after.resident() - before.resident());
    }

    /// Of all together.
    ///
    /// @throws IOException when one stood still
    private static Desktops.Shown shown(List<Desktops.Shown> before, List<Desktops.Shown> after)
            throws IOException {
        long frames = 0;
        long bytes = 0;
        for (int i = 0; i < after.size(); i++) {
            Desktops.Shown one = after.get(i).since(before.get(i));
            if (one.frames() == 0) {
                throw new IOException("session " + i + " of " + after.size() + " stood still");
            }
            frames += one.frames();
            bytes += one.bytes();
        }
        return new Desktops.Shown(frames, bytes);
    }

    /// Seconds of processors used up to now, and what was shown.
    private record Turn(
            long nanos, double edge, double connector, double guacd, List<Desktops.Shown> shown) {
        static Turn now(Program edge, Program connector, Family guacd, Desktops desktops)
                throws Exception {
            List<Desktops.Shown> shown = desktops.shown();
            return new Turn(
                    System.nanoTime(),
                    edge.usage().cpuSeconds(),
                    connector.usage().cpuSeconds(),
                    guacd.cpuSeconds(),
                    shown);
        }
    }
}
