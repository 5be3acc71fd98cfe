package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Program;
import dev.culvert.bench.ground.Relay;
import dev.culvert.bench.ground.SshWay;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// Terminals of stock `ssh` through the edge's SSH server, all recorded, all open at once, each with a shell that has
/// said something: what each costs edge and connector, in live heap after a full collection, resident and in threads;
/// what all of them cost while they are silent. At the end each says something again and leaves, and all recordings
/// have to be complete, with what was said.
record SshSessionsCase() implements Case {
    private static final int AT_ONCE = 8;
    private static final Duration AT_MOST = Duration.ofMinutes(10);
    private static final String SHELL = "stty -echo; printf R; PS1= exec sh";

    @Override
    public String name() {
        return "ssh-sessions";
    }

    @Override
    public String title() {
        return "A recorded ssh session";
    }

    @Override
    public String group() {
        return "ssh";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.shown("edge-heap", "heap, edge", "bytes a session"),
                Metric.shown("connector-heap", "heap, connector", "bytes a session"),
                Metric.shown("edge-rss", "resident, edge", "bytes a session"),
                Metric.shown("connector-rss", "resident, connector", "bytes a session"),
                Metric.shown("edge-threads", "threads more, edge", "in all"),
                Metric.shown("edge-silent", "edge while all are silent", "ms/s"),
                Metric.shown("opened", "opened", "sessions/s"),
                Metric.shown("sessions", "recordings complete", "of as many"));
    }

    @Override
    public int generatorThreads() {
        return Runtime.getRuntime().availableProcessors();
    }

    @Override
    public Optional<String> obstacle(Relay relay) throws IOException, InterruptedException {
        Optional<SshWay> way = relay.ssh();
        if (way.isEmpty()) {
            return Optional.of("it is no way for ssh, or there is no sshd on this machine");
        }
        return way.get().recorded().isPresent()
                ? Optional.empty()
                : Optional.of("nothing between to measure");
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        SshWay way = relay.ssh().orElseThrow();
        Program edge = relay.programs().get(0);
        Program connector = relay.programs().get(1);
        NewRecordings recordings = new NewRecordings(way.recorded().orElseThrow());
        Cost edgeBefore = Cost.of(edge);
        Cost connectorBefore = Cost.of(connector);
        double count = load.sshSessions();
        Queue<SshSession> open = new ConcurrentLinkedQueue<>();
        try {
            long start = System.nanoTime();
            open(way, load.sshSessions(), open);
            double seconds = (System.nanoTime() - start) / 1e9;
            Cost edgeAfter = Cost.of(edge);
            Cost connectorAfter = Cost.of(connector);
            double silent = busy(edge, load.time());
            for (SshSession session : open) {
                say(session, "bye");
                session.send("exit\n");
                session.awaitEnd();
            }
            recordings.awaitComplete(load.sshSessions(), List.of("hello", "bye"));
            Map<String, Double> values = new LinkedHashMap<>();
            values.put("edge-heap", (edgeAfter.heap() - edgeBefore.heap()) / count);
            values.put("connector-heap", (connectorAfter.heap() - connectorBefore.heap()) / count);
            values.put("edge-rss", (edgeAfter.resident() - edgeBefore.resident()) / count);
            values.put(
                    "connector-rss",
                    (connectorAfter.resident() - connectorBefore.resident()) / count);
            values.put("edge-threads", (double) edgeAfter.threads() - edgeBefore.threads());
            values.put("edge-silent", silent * 1e3);
            values.put("opened", count / seconds);
            values.put("sessions", count);
            return values;
        } finally {
            for (SshSession session : open) {
                session.close();
            }
        }
    }

    private static void open(SshWay way, int count, Queue<SshSession> open) throws Exception {
        AtomicInteger left = new AtomicInteger(count);
        Together.run(
                AT_ONCE,
                _ -> {
                    while (left.getAndDecrement() > 0) {
                        SshSession session = new SshSession(way, SHELL, AT_MOST);
                        open.add(session);
                        session.expect("R");
                        say(session, "hello");
                    }
                    return open;
                });
    }

    private static void say(SshSession session, String word) throws IOException {
        session.send("echo " + word + "\n");
        session.expect(word + "\r\n");
    }

    /// Processors that a program keeps busy.
    private static double busy(Program program, Duration time) throws InterruptedException {
        double before = program.usage().cpuSeconds();
        long start = System.nanoTime();
        Thread.sleep(time);
        return (program.usage().cpuSeconds() - before) * 1e9 / (System.nanoTime() - start);
    }
}
