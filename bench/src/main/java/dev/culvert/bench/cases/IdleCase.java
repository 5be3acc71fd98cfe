package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Program;
import dev.culvert.bench.ground.Relay;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Open WebSockets that say nothing: what each costs the near and the far program, in live heap after a full collection
/// (JVMs only) and resident. Resident memory moves in steps of the collector's, so read it with its spread.
record IdleCase() implements Case {
    private static final int AT_ONCE = 16;
    private static final String[] ENDS = {"edge", "connector"};

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String title() {
        return "An idle stream";
    }

    @Override
    public String group() {
        return "memory";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.shown("edge-heap", "heap, edge", "bytes a stream"),
                Metric.shown("connector-heap", "heap, connector", "bytes a stream"),
                Metric.shown("edge-rss", "resident, edge", "bytes a stream"),
                Metric.shown("connector-rss", "resident, connector", "bytes a stream"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Optional<String> obstacle(Relay relay) {
        return relay.programs().isEmpty()
                ? Optional.of("nothing between to measure")
                : Optional.empty();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long[][] before = memory(relay);
        ConcurrentLinkedQueue<Http> open = new ConcurrentLinkedQueue<>();
        try {
            AtomicInteger left = new AtomicInteger(load.idleStreams());
            Together.run(
                    AT_ONCE,
                    _ -> {
                        while (left.getAndDecrement() > 0) {
                            Http http = Http.open(relay.origin());
                            open.add(http);
                            http.upgrade("/ws", relay.origin().hostHeader());
                        }
                        return open;
                    });
            long[][] after = memory(relay);
            Map<String, Double> values = new LinkedHashMap<>();
            for (int i = 0; i < before.length; i++) {
                double streams = load.idleStreams();
                values.put(
                        ENDS[i] + "-heap",
                        before[i][0] < 0 ? Double.NaN : (after[i][0] - before[i][0]) / streams);
                values.put(ENDS[i] + "-rss", (after[i][1] - before[i][1]) / streams);
            }
            return values;
        } finally {
            for (Http http : open) {
                http.close();
            }
        }
    }

    /// Heap and resident bytes of the first two programs. The heap is asked first: that collects.
    private static long[][] memory(Relay relay) throws Exception {
        List<Program> programs = relay.programs();
        long[][] memory = new long[Math.min(ENDS.length, programs.size())][];
        for (int i = 0; i < memory.length; i++) {
            long heap = programs.get(i).liveBytes();
            memory[i] = new long[] {heap, programs.get(i).residentBytes()};
        }
        return memory;
    }
}
