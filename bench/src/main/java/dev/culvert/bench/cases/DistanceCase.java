package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Noise;
import dev.culvert.bench.ground.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One download across a line with delay and loss, which lies between edge and connector; for `direct` between client and
/// service: raw TCP there. A download lasts at most as long as it is let, slow start included. The user's own way to
/// the edge is loopback.
record DistanceCase(int millis, int percent) implements Case {
    /// Twice the usual time, for slow start is in it.
    private static final int SLOW_START = 2;

    @Override
    public String name() {
        return "distance-" + millis + "-" + percent;
    }

    @Override
    public String title() {
        return "One stream over " + millis + " ms round trip, " + percent + " % loss each way";
    }

    @Override
    public String group() {
        return "distance";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.more("rate", "rate", "MB/s"), Metric.less("first", "first byte", "ms"));
    }

    @Override
    public int generatorThreads() {
        return 1;
    }

    @Override
    public Optional<LineSettings> line() {
        return Optional.of(new LineSettings(Duration.ofMillis(millis), percent / 100.0));
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        Endpoint web = relay.web();
        long start = System.nanoTime();
        try (Http http = Http.open(web)) {
            http.send("GET /bulk HTTP/1.1", "Host: " + web.hostHeader());
            http.expect(200);
            long first = System.nanoTime();
            long bytes =
                    Noise.check(
                            http.in(), http.length(), start + SLOW_START * load.time().toNanos());
            long end = System.nanoTime();
            return Map.of("rate", bytes * 1e3 / (end - start), "first", (first - start) / 1e6);
        }
    }
}
