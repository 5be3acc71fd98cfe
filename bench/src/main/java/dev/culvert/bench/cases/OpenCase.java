package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Relay;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// New streams, eight at a time, each as a user's first: connect, TLS (with resumption where it is offered), WebSocket
/// upgrade, one message and its echo, close.
record OpenCase() implements Case {
    private static final int AT_ONCE = 8;
    private static final byte[] PAYLOAD = {'h', 'e', 'l', 'l', 'o'};

    @Override
    public String name() {
        return "opens";
    }

    @Override
    public String title() {
        return "New streams";
    }

    @Override
    public String group() {
        return "streams";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.more("rate", "new streams", "1/s"), Metric.less("p50", "p50", "ms"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        Endpoint origin = relay.origin();
        long start = System.nanoTime();
        long deadline = load.deadlineNanos();
        List<Latencies> all =
                Together.run(
                        AT_ONCE,
                        worker -> {
                            Latencies latencies = new Latencies();
                            Random random = new Random(worker);
                            do {
                                long begun = System.nanoTime();
                                try (Http http = Http.open(origin)) {
                                    http.upgrade("/ws", origin.hostHeader());
                                    http.out().write(Http.message(PAYLOAD, random));
                                    WebSocketCase.echoed(
                                            http, new byte[2 + PAYLOAD.length], PAYLOAD);
                                }
                                latencies.add(System.nanoTime() - begun);
                            } while (System.nanoTime() - deadline < 0);
                            return latencies;
                        });
        double seconds = (System.nanoTime() - start) / 1e9;
        return Map.of(
                "rate",
                all.stream().mapToInt(Latencies::count).sum() / seconds,
                "p50",
                all.getFirst().millis(0.5));
    }
}
