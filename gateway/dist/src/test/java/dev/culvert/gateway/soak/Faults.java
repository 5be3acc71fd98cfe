package dev.culvert.gateway.soak;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Peers that stop, processes that die. Confined to one thread.
final class Faults {
    private static final Duration PATIENCE = Duration.ofSeconds(300);

    private static final int MIB = 1024 * 1024;
    private static final String WEB = "web.localhost";

    /// Who waits so long for a byte was with a program that was killed.
    static final int LOST_MILLIS = 20_000;

    private final Scenarios scenarios;
    private final Origins origins;

    Faults(Scenarios scenarios, Origins origins) {
        this.scenarios = scenarios;
        this.origins = origins;
    }

    /// Ten readers that stop, then ten origins that do, on a single connection: another stream keeps
    /// its speed, and what was stopped completes.
    Row stoppedReaders() throws Exception {
        int bytes = 16 * MIB;
        long probe = scenarios.scaled(400, 20) * (long) MIB;
        long stopMillis = scenarios.scaled(60_000, 1000);
        try (Stage stage = scenarios.stage(1, "", "")) {
            User user = new User(stage.authority(), stage.publicPort());
            user.download(WEB, probe);
            user.upload(WEB, probe);
            Measured measured = new Measured("stopped readers", stage, false);
            double freeDown = megabytesPerSecond(probe, () -> user.download(WEB, probe));
            double freeUp = megabytesPerSecond(probe, () -> user.upload(WEB, probe));

            List<User.Exchange> stopped = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                User.Exchange exchange = user.get(WEB, "/bytes/" + bytes);
                User.expect(200, exchange);
                stopped.add(exchange);
            }
            Thread.sleep(stopMillis);
            double down = megabytesPerSecond(probe, () -> user.download(WEB, probe));
            Together.run(
                    10,
                    10,
                    PATIENCE,
                    i -> Pattern.check(stopped.get(i).in(), 0, stopped.get(i).length()));
            for (User.Exchange exchange : stopped) {
                exchange.close();
            }

            double[] up = {0};
            Together.run(
                    11,
                    11,
                    PATIENCE,
                    i -> {
                        if (i < 10) {
                            try (User.Exchange exchange = user.post(WEB, "/stall", bytes)) {
                                Pattern.write(exchange.out(), 0, bytes);
                                User.counted(exchange, bytes);
                            }
                        } else {
                            try {
                                Thread.sleep(stopMillis);
                                up[0] = megabytesPerSecond(probe, () -> user.upload(WEB, probe));
                            } finally {
                                origins.release();
                            }
                        }
                    });
            measured.loaded();
            String detail =
                    "MB/s of another stream: down %.0f, beside stopped ones %.0f; up %.0f, %.0f"
                            .formatted(freeDown, down, freeUp, up[0]);
            // What the small size measures in a moment may be the machine's; a stream that stands
            // still is not.
            int slower = scenarios.isFull() ? 4 : 20;
            if (down < freeDown / slower || up[0] < freeUp / slower) {
                throw new IOException(detail);
            }
            return measured.row(detail, Scenarios.KEPT);
        }
    }

    private interface Transfer {
        void run() throws IOException;
    }

    private static double megabytesPerSecond(long bytes, Transfer transfer) throws IOException {
        long start = System.nanoTime();
        transfer.run();
        return bytes * 1000.0 / (System.nanoTime() - start);
    }

    /// kill -9 of the edge, then of the connector, under load; each is started again at once.
    Row killed() throws Exception {
        try (Stage stage = scenarios.stage(4, "", "")) {
            User user = new User(stage.authority(), stage.publicPort());
            Together.run(50, 10, PATIENCE, i -> user.download(WEB, 1000));
            Measured measured = new Measured("kill -9", stage, false);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicInteger served = new AtomicInteger();
            String[] times = {"", ""};
            Together.run(
                    21,
                    21,
                    PATIENCE,
                    i -> {
                        if (i < 20) {
                            load(user, i, stop, served);
                            return;
                        }
                        try {
                            awaitServed(served, 100);
                            stage.killEdge();
                            long start = System.nanoTime();
                            stage.restartEdge();
                            long listening = System.nanoTime();
                            untilServed(user);
                            times[0] =
                                    "edge: %.1f s, of it start %.1f"
                                            .formatted(
                                                    (System.nanoTime() - start) / 1e9,
                                                    (listening - start) / 1e9);
                            awaitServed(served, served.get() + 100);
                            stage.killConnector();
                            start = System.nanoTime();
                            stage.restartConnector();
                            untilServed(user);
                            times[1] =
                                    "connector: %.1f s"
                                            .formatted((System.nanoTime() - start) / 1e9);
                            awaitServed(served, served.get() + 100);
                        } finally {
                            stop.set(true);
                        }
                    });
            stage.awaitConnections();
            measured.loaded();
            return measured.row(
                    "until requests flow again after " + times[0] + "; " + times[1],
                    Scenarios.KEPT);
        }
    }

    /// Requests of all sizes; those that were cut fail, a wrong byte is an error.
    private void load(User user, int index, AtomicBoolean stop, AtomicInteger served)
            throws Exception {
        User impatient = user.impatient(scenarios.scaled(LOST_MILLIS, 6_000));
        while (!stop.get()) {
            try {
                impatient.download(WEB, index % 2 == 0 ? 1000 : MIB);
                served.incrementAndGet();
            } catch (Pattern.WrongByte e) {
                throw e;
            } catch (IOException e) {
                Thread.sleep(20);
            }
        }
    }

    private static void awaitServed(AtomicInteger served, int count) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (served.get() < count) {
            if (System.nanoTime() > deadline) {
                throw new IOException("only " + served + " requests served (expected: " + count);
            }
            Thread.sleep(10);
        }
    }

    /// Until a new request is served. One that was sent to a process while it died is not waited for: over
    /// QUIC nothing tells the edge of that.
    static void untilServed(User user) throws Exception {
        User impatient = user.impatient(2000);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                impatient.download(WEB, 1000);
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    /// Many downloads whose readers stop, in an edge and a connector with little direct memory: both stay
    /// alive, others are served or told that the edge is overloaded, and what was accepted completes.
    ///
    /// @param direct bytes of direct memory, in MiB
    Row slowClients(int readers, int direct) throws Exception {
        int bytes = 4 * MIB;
        String jvm = "-Xmx256m -XX:MaxDirectMemorySize=" + direct + "m";
        try (Stage stage = scenarios.stage(4, jvm, jvm)) {
            User user = new User(stage.authority(), stage.publicPort());
            Together.run(50, 10, PATIENCE, i -> user.download(WEB, 1000));
            Measured measured = new Measured("slow clients", stage, false);
            List<User.Exchange> stopped = new ArrayList<>();
            int refused = 0;
            for (int i = 0; i < readers; i++) {
                User.Exchange exchange = user.get(WEB, "/bytes/" + bytes);
                int status = exchange.status();
                if (status == 200) {
                    stopped.add(exchange);
                } else if (status == 503) {
                    refused++;
                    exchange.close();
                } else {
                    throw new IOException(
                            "status " + status + " at reader " + i + ": " + exchange.text());
                }
            }
            Thread.sleep(scenarios.scaled(10_000, 1000));
            int served = 0;
            for (int i = 0; i < 20; i++) {
                try (User.Exchange exchange = user.get(WEB, "/bytes/1000")) {
                    int status = exchange.status();
                    if (status == 200) {
                        Pattern.check(exchange.in(), 0, 1000);
                        served++;
                    } else if (status != 503) {
                        throw new IOException("status " + status + " beside stopped readers");
                    }
                }
            }
            Together.run(
                    stopped.size(),
                    50,
                    PATIENCE,
                    i -> {
                        try (User.Exchange exchange = stopped.get(i)) {
                            Pattern.check(exchange.in(), 0, bytes);
                        }
                    });
            user.download(WEB, 10L * MIB);
            measured.loaded();
            return measured.row(
                    "%d stopped readers, %d refused; %d of 20 requests served beside them"
                            .formatted(stopped.size(), refused, served),
                    Scenarios.KEPT);
        }
    }
}
