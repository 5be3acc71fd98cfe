package dev.culvert.edge.adminarea;

import dev.culvert.edge.admin.Live;
import dev.culvert.edge.signin.AuthExchange;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// How busy the edge was in each of the last seconds: ten minutes, about 50 KB. Thread-safe.
public final class Samples {
    private static final Duration STEP = Duration.ofSeconds(1);
    private static final int KEPT = 600;

    private final Supplier<Live> live;
    private final InstantSource clock;
    private final Deque<Sample> samples = new ArrayDeque<>(KEPT);
    private Live.Figures before;
    private long beforeNanos;

    /// Rates of a second, and what was open at its end.
    private record Sample(
            long at, double received, double sent, double requests, int streams, int connections) {}

    public Samples(Supplier<Live> live, InstantSource clock) {
        this.live = live;
        this.clock = clock;
        this.before = live.get().figures();
        this.beforeNanos = System.nanoTime();
    }

    /// Takes one each second until interrupted.
    public void run() {
        try {
            while (true) {
                Thread.sleep(STEP);
                take(live.get().figures(), System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    synchronized void take(Live.Figures now, long nanos) {
        // A process that stood still has no figures for each second of that.
        double seconds = Math.max(1e-3, (nanos - beforeNanos) / 1e9);
        if (samples.size() == KEPT) {
            samples.removeFirst();
        }
        samples.addLast(
                new Sample(
                        clock.millis(),
                        (now.received() - before.received()) / seconds,
                        (now.sent() - before.sent()) / seconds,
                        (now.requests() - before.requests()) / seconds,
                        now.streams(),
                        now.connections()));
        before = now;
        beforeNanos = nanos;
    }

    /// As `charts.js` wants it.
    synchronized ObjectNode json() {
        ObjectNode json =
                AuthExchange.object()
                        .put("at", samples.isEmpty() ? clock.millis() : samples.getLast().at())
                        .put("step", STEP.toMillis());
        ObjectNode series = json.putObject("series");
        put(series, "received", Sample::received);
        put(series, "sent", Sample::sent);
        put(series, "requests", Sample::requests);
        put(series, "streams", Sample::streams);
        put(series, "connections", Sample::connections);
        return json;
    }

    private void put(ObjectNode series, String name, ToDoubleFunction<Sample> value) {
        ArrayNode list = series.putArray(name);
        samples.forEach(sample -> list.add(Math.round(value.applyAsDouble(sample) * 10) / 10.0));
    }
}
