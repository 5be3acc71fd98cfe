package dev.culvert.gateway.soak;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/// Half an hour of everything at once: requests of all sizes both ways, echoes over WebSockets and through
/// `access tcp` that stay open, users who go away in the middle; and every so often the edge or the connector
/// is killed with -9 and started again. A wrong byte is an error, and so is a failure that no kill explains: one further from every kill
/// than recovery takes.
///
/// Used by one thread.
final class Mixed {
    private static final String WEB = "web.localhost";
    private static final String ECHO = "echo.localhost";
    private static final int WORKERS = 24;

    /// From a kill until the programs are back and what ran through them is over: their start, the connector's
    /// back-off, and over QUIC the 46 seconds after which the edge gives up a connector of which it hears nothing.
    private static final Duration RECOVERY = Duration.ofSeconds(60);

    private static final Kill NONE = new Kill(Long.MIN_VALUE / 2, "nothing");

    private final Scenarios scenarios;
    private final LongAdder served = new LongAdder();
    private final LongAdder gaveUp = new LongAdder();
    private final LongAdder echoed = new LongAdder();
    private final ConcurrentLinkedQueue<Failure> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<Kill> kills = new CopyOnWriteArrayList<>();

    private record Failure(long nanos, String what) {}

    private record Kill(long nanos, String program) {}

    Mixed(Scenarios scenarios) {
        this.scenarios = scenarios;
    }

    Row run() throws Exception {
        int seconds = scenarios.scaled(1800, 12);
        int pause = scenarios.scaled(120, 4);
        try (Stage stage = scenarios.stage(4, "", "")) {
            User user =
                    new User(stage.authority(), stage.publicPort()).impatient(Faults.LOST_MILLIS);
            int port = stage.access(ECHO);
            Together.run(50, 10, Duration.ofSeconds(60), i -> one(user, port, i));
            long[] before = live(stage);
            Measured measured = new Measured("mixed", stage, true);
            Together.run(
                    WORKERS + 1,
                    WORKERS + 1,
                    Duration.ofSeconds(seconds + 300),
                    i -> {
                        if (i < WORKERS) {
                            work(user, port, i);
                        } else {
                            kill(stage, user, seconds, pause);
                        }
                    });
            stage.awaitConnections();
            measured.loaded();
            long[] after = live(stage);
            Row row = measured.row(detail(before, after), Scenarios.KEPT);
            String problem = problem(before, after);
            return problem == null ? row : row.failed(problem);
        }
    }

    private void kill(Stage stage, User user, int seconds, int pause) throws Exception {
        try {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            for (int i = 0; System.nanoTime() < end; i++) {
                Thread.sleep(pause * 1000L);
                if (i % 2 == 0) {
                    kills.add(new Kill(System.nanoTime(), "connector"));
                    stage.killConnector();
                    stage.restartConnector();
                } else {
                    kills.add(new Kill(System.nanoTime(), "edge"));
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

    private void work(User user, int port, int index) throws Exception {
        while (!stop.get()) {
            try {
                one(user, port, index);
                served.increment();
            } catch (Pattern.WrongByte e) {
                throw e;
            } catch (IOException e) {
                failures.add(new Failure(System.nanoTime(), String.valueOf(e.getMessage())));
                Thread.sleep(50);
            }
        }
    }

    private void one(User user, int port, int index) throws IOException {
        switch (index % 8) {
            case 0, 1 -> user.download(WEB, 1000);
            case 2 -> user.download(WEB, ThreadLocalRandom.current().nextInt(4 << 20));
            case 3 -> user.upload(WEB, 1 + ThreadLocalRandom.current().nextInt(4 << 20));
            case 4 -> goAway(user);
            case 5 -> webSocket(user);
            case 6 -> access(port);
            default -> user.upload(WEB, 1000);
        }
    }

    private void webSocket(User user) throws IOException {
        try (User.Exchange exchange = user.webSocket(ECHO)) {
            echo(Messages.from(exchange.in()), Messages.to(exchange.out()));
        }
    }

    /// The end is passed on both ways.
    private void access(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(120_000);
            echo(socket.getInputStream(), socket.getOutputStream());
            socket.shutdownOutput();
            if (socket.getInputStream().read() >= 0) {
                throw new Pattern.WrongByte("bytes after the end");
            }
        }
    }

    /// Some hundred rounds of up to 32 KiB, a little apart.
    private void echo(InputStream in, OutputStream out) throws IOException {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        long at = 0;
        for (int rounds = random.nextInt(400); rounds > 0 && !stop.get(); rounds--) {
            int size = 1 + random.nextInt(32 << 10);
            Pattern.write(out, at, size);
            Pattern.check(in, at, size);
            at += size;
            echoed.increment();
            LockSupport.parkNanos(random.nextInt(100_000_000));
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
                .filter(failure -> sinceKill(failure) >= RECOVERY.toNanos())
                .toList();
    }

    private long sinceKill(Failure failure) {
        return failure.nanos() - lastKill(failure).nanos();
    }

    private Kill lastKill(Failure failure) {
        return kills.stream()
                .filter(kill -> kill.nanos() <= failure.nanos())
                .reduce((earlier, later) -> later)
                .orElse(NONE);
    }

    /// @return null when all went as it must
    private String problem(long[] before, long[] after) {
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
        failures.forEach(failure ->
                kinds.merge(
                        lastKill(failure).program() + ": " + kind(failure.what()),
                        1,
                        Integer::sum));
        long latest = failures.stream().mapToLong(this::sinceKill).max().orElse(0);
        return "%d served, %d users gone, %d rounds of echoes, %d kills, failures near them (the latest after %.1f s): %s; live KiB edge %d -> %d, connector %d -> %d, access %d -> %d"
                .formatted(
                        served.sum(),
                        gaveUp.sum(),
                        echoed.sum(),
                        kills.size(),
                        latest / 1e9,
                        kinds,
                        before[0] >> 10,
                        after[0] >> 10,
                        before[1] >> 10,
                        after[1] >> 10,
                        before[2] >> 10,
                        after[2] >> 10);
    }

    /// The stable code of an error answer, else the first words without their numbers.
    private static String kind(String message) {
        int code = message.indexOf("\"code\":\"");
        if (code >= 0) {
            return message.substring(code + 8, message.indexOf('"', code + 8));
        }
        String words = message.replaceAll("\\d+", "N");
        return words.length() > 40 ? words.substring(0, 40) : words;
    }

    private static long[] live(Stage stage) throws Exception {
        return new long[] {
            stage.edge().liveBytes(),
            stage.connector().liveBytes(),
            stage.accessProgram().liveBytes()
        };
    }
}
