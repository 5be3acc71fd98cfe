package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Relay;
import dev.culvert.bench.ground.SshWay;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Keys that come back, ten milliseconds apart, in a terminal of stock `ssh` at an OpenSSH server: first alone, then
/// while stock `scp` fetches a big file in another session of the same person. Through the edge's SSH server, where
/// the terminal is recorded; `direct` is the same without anything between.
record SshKeystrokeCase() implements Case {
    private static final Duration SIGN_IN = Duration.ofSeconds(30);

    /// A host that gives each byte back once, when it has said so.
    private static final String ECHO = "stty raw -echo; printf R; exec cat";

    @Override
    public String name() {
        return "ssh-keystroke";
    }

    @Override
    public String title() {
        return "Keystroke echo in ssh, alone and beside scp in another session";
    }

    @Override
    public String group() {
        return "ssh";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.less("scp-p99", "p99 beside scp", "ms"),
                Metric.less("scp-p50", "p50 beside scp", "ms"),
                Metric.less("idle-p99", "p99 alone", "ms"),
                Metric.less("idle-p50", "p50 alone", "ms"),
                Metric.shown("factor", "p99 beside scp, of that alone", "times"),
                Metric.shown("scp", "scp meanwhile", "MB/s"));
    }

    /// Both `ssh` and `scp` count as generators.
    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Optional<String> obstacle(Relay relay) throws IOException, InterruptedException {
        return relay.ssh().isPresent()
                ? Optional.empty()
                : Optional.of("it is no way for ssh, or there is no sshd on this machine");
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        SshWay way = relay.ssh().orElseThrow();
        Duration half = load.time().dividedBy(2);
        Latencies alone = type(way, half);
        try (ScpRun scp = new ScpRun(way)) {
            scp.awaitFirst();
            long before = scp.bytes();
            long start = System.nanoTime();
            Latencies beside = type(way, half);
            double rate = (scp.bytes() - before) * 1e3 / (System.nanoTime() - start);
            return Map.of(
                    "scp-p99",
                    beside.millis(0.99),
                    "scp-p50",
                    beside.millis(0.5),
                    "idle-p99",
                    alone.millis(0.99),
                    "idle-p50",
                    alone.millis(0.5),
                    "factor",
                    beside.millis(0.99) / alone.millis(0.99),
                    "scp",
                    rate);
        }
    }

    private static Latencies type(SshWay way, Duration time)
            throws IOException, InterruptedException {
        try (SshSession session = new SshSession(way, ECHO, time.plus(SIGN_IN))) {
            session.expect("R");
            return Typing.during(time.toNanos(), key -> session.echo('a' + key % 26));
        }
    }
}
