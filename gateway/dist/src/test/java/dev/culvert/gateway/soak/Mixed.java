package dev.culvert.gateway.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Half an hour of everything at once: requests of all sizes both ways, WebSocket echoes that stay open, users
/// who go away in the middle; and every so often the edge or the connector is killed with -9 and started
/// again. A wrong byte is an error, and so is a failure that no kill explains: one further from every kill
/// than recovery takes.
///
/// Used by one thread.
final class Mixed {
    private static final String WEB = "web.localhost";
    private static final int WORKERS = 24;

    /// From a kill until the programs are back: their start, the connector's back-off, its connections a
    /// second apart.
    private static final Duration RECOVERY = Duration.ofSeconds(40);

    private final Scenarios scenarios;
    private final LongAdder served = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Long> kills = new ArrayList<>();

    private record Failure(long nanos, String what) {}

    Mixed(Scenarios scenarios) {
        this.scenarios = scenarios;
    }

    Row run() throws Exception {
        int seconds = scenarios.scaled(1800, 12);
        int pause = scenarios.scaled(60, 4);
        try (Stage stage = scenarios.stage(4, "", "")) {
            User user = new User(stage.authority(), stage.publicPort());
            Together.run(50, 10, Duration.ofSeconds(60), i -> user.download(WEB, 1000));
            long[] before = live(stage);
            Measured measured = new Measured("mixed", stage, false);
            Together.run(
                    WORKERS + 1,
                    WORKERS + 1,
                    Duration.ofSeconds(seconds + 300),
                    i -> {
                        if (i < WORKERS) {
                            work(user, i);
                        } else {
                            kill(stage, user, seconds, pause);
                        }
                    });
            stage.awaitConnections();
            measured.loaded();
            long[] after = live(stage);
            Row row = measured.row(detail(before, after), Scenarios.KEPT);
            String problem = problem(before, after);
            return problem == null
                    ? row
                    : new Row(
                            row.scenario(),
                            problem + "; " + row.detail(),
                            row.detail(),
                            row.seconds(),
                            row.edgePeak(),
                            row.connectorPeak(),
                            row.descriptors());
        }
    }

    private void kill(Stage stage, User user, int seconds, int pause) throws Exception {
        try {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            for (int i = 0; System.nanoTime() < end; i++) {
                Thread.sleep(pause * 1000L);
                kills.add(System.nanoTime());
                if (i % 2 == 0) {
                    stage.killConnector();
                    stage.restartConnector();
                } else {
                    stage.killEdge();
                    stage.restartEdge();
                }
                Faults.untilServed(user);
            }
            Thread.sleep(pause * 1000L);
        } finally {
            stop.set(true);
        }
    }

    private void work(User user, int index) throws Exception {
        while (!stop.get()) {
            try {
                one(user, index);
                served.increment();
            } catch (Pattern.WrongByte e) {
                throw e;
            } catch (IOException e) {
                failures.add(new Failure(System.nanoTime(), String.valueOf(e.getMessage())));
                Thread.sleep(50);
            }
        }
    }

    private void one(User user, int index) throws IOException {
        switch (index % 6) {
            case 0, 1 -> user.download(WEB, 1000);
            case 2 -> user.download(WEB, ThreadLocalRandom.current().nextInt(4 << 20));
            case 3 -> user.upload(WEB, 1 + ThreadLocalRandom.current().nextInt(4 << 20));
            case 4 -> goAway(user);
            default -> user.upload(WEB, 1000);
        }
    }

    /// Reads some of an answer and closes.
    private void goAway(User user) throws IOException {
        try (User.Exchange exchange = user.get(WEB, "/bytes/" + (16 << 20))) {
            User.expect(200, exchange);
            Pattern.check(exchange.in(), 0, 100_000);
            gaveUp.increment();
        }
    }

    /// Failures that no kill explains.
    private List<Failure> unexplained() {
        return failures.stream()
                .filter(failure ->
                        kills.stream()
                                .noneMatch(kill ->
                                        failure.nanos() >= kill
                                                && failure.nanos() - kill < RECOVERY.toNanos()))
                .toList();
    }

    private @Nullable String problem(long[] before, long[] after) {
        List<Failure> unexplained = unexplained();
        if (!unexplained.isEmpty()) {
            return unexplained.size()
                    + " failures far from any kill, the first: "
                    + unexplained.getFirst().what();
        }
        for (int i = 0; i < before.length; i++) {
            if (after[i] > before[i] + (12L << 20)) {
                return "live memory grew";
            }
        }
        return null;
    }

    private String detail(long[] before, long[] after) {
        Map<String, Integer> kinds = new TreeMap<>();
        failures.forEach(failure -> kinds.merge(kind(failure.what()), 1, Integer::sum));
        return "%d served, %d users gone, %d kills, failures near them: %s; live KiB edge %d -> %d, connector %d -> %d"
                .formatted(
                        served.sum(),
                        gaveUp.sum(),
                        kills.size(),
                        kinds,
                        before[0] >> 10,
                        after[0] >> 10,
                        before[1] >> 10,
                        after[1] >> 10);
    }

    /// The stable code of an error answer, else the first words.
    private static String kind(String message) {
        int code = message.indexOf("\"code\":\"");
        if (code >= 0) {
            return message.substring(code + 8, message.indexOf('"', code + 8));
        }
        return message.length() > 40 ? message.substring(0, 40) : message;
    }

    private static long[] live(Stage stage) throws Exception {
        return new long[] {stage.edge().liveBytes(), stage.connector().liveBytes()};
    }
}
