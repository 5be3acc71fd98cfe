package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Relay;
import java.util.List;
import java.util.Map;

/// 32 downloads at once, together as long as one bulk stream; the slowest beside the fastest says how fair that is.
record ParallelCase() implements Case {
    private static final int STREAMS = 32;

    @Override
    public String name() {
        return "streams-32";
    }

    @Override
    public String title() {
        return "32 streams down at once";
    }

    @Override
    public String group() {
        return "bulk";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.more("rate", "rate", "MB/s"),
                Metric.shown("slowest", "slowest stream takes, of the fastest", "times"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long each = Math.max(1, load.bulkBytes() / STREAMS);
        long start = System.nanoTime();
        List<Long> took =
                Together.run(
                        STREAMS,
                        _ -> {
                            BulkCase.download(relay.web(), each);
                            return System.nanoTime() - start;
                        });
        long all = System.nanoTime() - start;
        long fastest = took.stream().mapToLong(Long::longValue).min().orElseThrow();
        long slowest = took.stream().mapToLong(Long::longValue).max().orElseThrow();
        return Map.of("rate", each * STREAMS * 1e3 / all, "slowest", (double) slowest / fastest);
    }
}
