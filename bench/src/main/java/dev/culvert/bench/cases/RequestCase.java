package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Endpoint;
import dev.culvert.bench.ground.Http;
import dev.culvert.bench.ground.Noise;
import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// GET requests one after the other on connections that stay open, by wrk with one thread. The body is checked byte by
/// byte once; during the load wrk counts other statuses and errors, of which there may be none, and the bytes.
record RequestCase(String name, String title, String path, int connections) implements Case {
    private static final String SCRIPT =
            """
            wrk.headers["Host"] = os.getenv("BENCH_HOST")
            done = function(summary, latency, requests)
                local e = summary.errors
                io.write(string.format("bench %d %d %d %d %d %d\\n", summary.requests, summary.duration,
                    summary.bytes, e.connect + e.read + e.write + e.status + e.timeout,
                    latency:percentile(50), latency:percentile(99)))
            end
            """;

    @Override
    public String group() {
        return "requests";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.more("rate", "requests", "1/s"),
                Metric.less("p50", "p50", "ms"),
                Metric.less("p99", "p99", "ms"));
    }

    @Override
    public int generatorThreads() {
        return 1;
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long length = check(relay.web());
        Path script = Files.createTempFile("culvert-bench-", ".lua");
        try {
            Files.writeString(script, SCRIPT);
            String[] words = run(relay.web(), script, load.time()).split(" ");
            double requests = Double.parseDouble(words[1]);
            if (!words[4].equals("0") || requests == 0) {
                throw new IOException(words[4] + " of " + words[1] + " requests failed");
            }
            if (Double.parseDouble(words[3]) < requests * length) {
                throw new IOException(words[3] + " bytes for " + words[1] + " responses");
            }
            return Map.of(
                    "rate",
                    requests * 1e6 / Double.parseDouble(words[2]),
                    "p50",
                    Double.parseDouble(words[5]) / 1000,
                    "p99",
                    Double.parseDouble(words[6]) / 1000);
        } finally {
            Files.delete(script);
        }
    }

    private long check(Endpoint web) throws IOException {
        try (Http http = Http.open(web)) {
            http.send("GET " + path + " HTTP/1.1", "Host: " + web.hostHeader());
            http.expect(200);
            long length = http.length();
            Noise.checkAll(http.in(), length);
            return length;
        }
    }

    /// @return the line of the script
    private String run(Endpoint web, Path script, Duration time)
            throws IOException, InterruptedException {
        // wrk has whole seconds only.
        long seconds = Math.max(1, (time.toMillis() + 999) / 1000);
        ProcessBuilder builder =
                new ProcessBuilder(
                                "wrk",
                                "-t1",
                                "-c" + connections,
                                String.format(Locale.ROOT, "-d%ds", seconds),
                                "-s",
                                script.toString(),
                                web.url() + path)
                        .redirectErrorStream(true);
        builder.environment().put("BENCH_HOST", web.hostHeader());
        Process wrk = builder.start();
        String said = new String(wrk.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        wrk.waitFor();
        return said.lines()
                .filter(line -> line.startsWith("bench "))
                .findFirst()
                .orElseThrow(() -> new IOException("wrk: " + said.strip()));
    }
}
