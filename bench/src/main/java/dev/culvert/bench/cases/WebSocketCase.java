package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Messages of 32 bytes that come back: half the time one after the other on one socket, for the latency; then on 8
/// sockets with 16 under way each, for the rate.
record WebSocketCase() implements Case {
    private static final int BYTES = 32;
    private static final int SOCKETS = 8;
    private static final int UNDER_WAY = 16;

    @Override
    public String name() {
        return "websocket";
    }

    @Override
    public String title() {
        return "WebSocket echo";
    }

    @Override
    public String group() {
        return "messages";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.more("rate", "messages (8 sockets)", "1/s"),
                Metric.less("p50", "p50 (1 socket)", "ms"),
                Metric.less("p99", "p99", "ms"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long half = load.time().toNanos() / 2;
        Latencies latencies = new Latencies();
        exchange(relay.origin(), 1, System.nanoTime() + half, latencies);
        long start = System.nanoTime();
        long messages =
                Together.run(
                                SOCKETS,
                                _ ->
                                        exchange(
                                                relay.origin(),
                                                UNDER_WAY,
                                                start + half,
                                                new Latencies()))
                        .stream()
                        .mapToLong(Long::longValue)
                        .sum();
        return Map.of(
                "rate",
                messages * 1e9 / (System.nanoTime() - start),
                "p50",
                latencies.millis(0.5),
                "p99",
                latencies.millis(0.99));
    }

    /// @return messages that came back
    private static long exchange(Endpoint origin, int underWay, long deadline, Latencies latencies)
            throws IOException {
        Random random = new Random(5);
        byte[] payload = new byte[BYTES];
        byte[] answer = new byte[2 + BYTES];
        try (Http http = Http.open(origin)) {
            http.upgrade("/ws", origin.hostHeader());
            for (int i = 1; i < underWay; i++) {
                http.out().write(Http.message(payload, random));
            }
            long messages = 0;
            do {
                long sent = System.nanoTime();
                http.out().write(Http.message(payload, random));
                echoed(http, answer, payload);
                latencies.add(System.nanoTime() - sent);
                messages++;
            } while (System.nanoTime() - deadline < 0);
            for (int i = 1; i < underWay; i++) {
                echoed(http, answer, payload);
            }
            return messages;
        }
    }

    /// Reads one message and compares.
    static void echoed(Http http, byte[] answer, byte[] payload) throws IOException {
        http.in().readNBytes(answer, 0, answer.length);
        if (answer[0] != (byte) 0x82
                || answer[1] != payload.length
                || !Arrays.equals(answer, 2, answer.length, payload, 0, payload.length)) {
            throw new IOException("a message came back as another");
        }
    }
}
