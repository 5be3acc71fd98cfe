package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Noise;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/// One large body, on a connection of its own, every byte checked at the far end.
record BulkCase(boolean down) implements Case {
    @Override
    public String name() {
        return down ? "bulk-down" : "bulk-up";
    }

    @Override
    public String title() {
        return down ? "One bulk stream down" : "One bulk stream up";
    }

    @Override
    public String group() {
        return "bulk";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(Metric.more("rate", "rate", "MB/s"));
    }

    @Override
    public int generatorThreads() {
        return 1;
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long start = System.nanoTime();
        if (down) {
            download(relay.web(), load.bulkBytes());
        } else {
            upload(relay.origin(), load.bulkBytes());
        }
        return Map.of("rate", load.bulkBytes() * 1e3 / (System.nanoTime() - start));
    }

    /// The first `bytes` of `/bulk`; RFC 9110, section 14.
    static void download(Endpoint web, long bytes) throws IOException {
        try (Http http = Http.open(web)) {
            http.send(
                    "GET /bulk HTTP/1.1",
                    "Host: " + web.hostHeader(),
                    "Range: bytes=0-" + (bytes - 1));
            http.expect(206);
            if (http.length() != bytes) {
                throw new IOException("length: " + http.length() + " (expected: " + bytes + ")");
            }
            Noise.checkAll(http.in(), bytes);
        }
    }

    private static void upload(Endpoint origin, long bytes) throws IOException {
        try (Http http = Http.open(origin)) {
            http.send(
                    "POST / HTTP/1.1", "Host: " + origin.hostHeader(), "Content-Length: " + bytes);
            Noise.write(http.out(), bytes);
            http.expect(200);
            String counted = new String(http.body(), StandardCharsets.US_ASCII).strip();
            if (!counted.equals("" + bytes)) {
                throw new IOException("the origin got " + counted + " of " + bytes + " bytes");
            }
        }
    }
}
