package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `ssh` waits for: from the start of its ProxyCommand to the first byte of the server's banner; `access ssh` and,
/// where there is one, `cloudflared access ssh`, one after the other in turn.
record ShellCase() implements Case {
    @Override
    public String name() {
        return "access-ssh";
    }

    @Override
    public String title() {
        return "access ssh, from exec to the first byte";
    }

    @Override
    public String group() {
        return "start";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.shown("access", "access ssh, p50", "ms"),
                Metric.shown("cloudflared", "cloudflared access ssh, p50", "ms"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Optional<String> obstacle(Relay relay) {
        return relay.shells().isEmpty()
                ? Optional.of("it has no client program")
                : Optional.empty();
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        Map<String, Latencies> latencies = new LinkedHashMap<>();
        for (int i = 0; i < load.starts(); i++) {
            for (Relay.Shell shell : relay.shells()) {
                latencies.computeIfAbsent(shell.name(), _ -> new Latencies()).add(firstByte(shell));
            }
        }
        Map<String, Double> values = new LinkedHashMap<>();
        latencies.forEach((name, each) -> values.put(name, each.millis(0.5)));
        return values;
    }

    private static long firstByte(Relay.Shell shell) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(shell.command());
        builder.environment().putAll(shell.environment());
        long start = System.nanoTime();
        Process process = builder.start();
        try {
            // The plugin looks at both sides' first bytes, and ssh sends its own at once.
            process.getOutputStream()
                    .write("SSH-2.0-bench\r\n".getBytes(StandardCharsets.US_ASCII));
            process.getOutputStream().flush();
            int first = process.getInputStream().read();
            long took = System.nanoTime() - start;
            if (first != 'S') {
                throw new IOException(
                        shell.name()
                                + " gave no banner: "
                                + new String(
                                        process.getErrorStream().readAllBytes(),
                                        StandardCharsets.UTF_8));
            }
            return took;
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
