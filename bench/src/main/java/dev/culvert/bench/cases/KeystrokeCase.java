package dev.culvert.bench.cases;

import dev.culvert.bench.ground.Relay;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/// Single bytes that come back, ten milliseconds apart, as keys pressed in an SSH session do: first alone, then while
/// another session of the same connector is full of bytes both ways, as `scp` makes it. Raw TCP, so that no SSH
/// server's own time is in it: through `access tcp` where the system has it, see the report.
record KeystrokeCase() implements Case {
    private static final int PATIENCE_SECONDS = 20;
    private static final int PIECE = 32 * 1024;

    @Override
    public String name() {
        return "keystroke";
    }

    @Override
    public String title() {
        return "Keystroke echo, alone and beside bulk in another session";
    }

    @Override
    public String group() {
        return "keystrokes";
    }

    @Override
    public List<Metric> metrics() {
        return List.of(
                Metric.less("bulk-p99", "p99 beside bulk", "ms"),
                Metric.less("bulk-p50", "p50 beside bulk", "ms"),
                Metric.less("idle-p99", "p99 alone", "ms"),
                Metric.less("idle-p50", "p50 alone", "ms"),
                Metric.shown("factor", "p99 beside bulk, of that alone", "times"),
                Metric.shown("bulk", "bulk meanwhile, each way", "MB/s"));
    }

    @Override
    public int generatorThreads() {
        return 2;
    }

    @Override
    public Optional<String> obstacle(Relay relay) throws IOException, InterruptedException {
        return relay.echo(0).isPresent()
                ? Optional.empty()
                : Optional.of("it carries no plain TCP");
    }

    @Override
    public Map<String, Double> measure(Relay relay, Load load) throws Exception {
        long half = load.time().toNanos() / 2;
        Latencies alone = type(relay, half);
        try (Bulk bulk = new Bulk(open(relay, 1))) {
            bulk.awaitFirst();
            long before = bulk.echoed();
            long start = System.nanoTime();
            Latencies beside = type(relay, half);
            double rate = (bulk.echoed() - before) * 1e3 / (System.nanoTime() - start);
            if (rate == 0) {
                throw new IOException("the bulk session stood still");
            }
            return Map.of(
                    "bulk-p99",
                    beside.millis(0.99),
                    "bulk-p50",
                    beside.millis(0.5),
                    "idle-p99",
                    alone.millis(0.99),
                    "idle-p50",
                    alone.millis(0.5),
                    "factor",
                    beside.millis(0.99) / alone.millis(0.99),
                    "bulk",
                    rate);
        }
    }

    private static Socket open(Relay relay, int session) throws IOException, InterruptedException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), relay.echo(session).orElseThrow());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static Latencies type(Relay relay, long nanos)
            throws IOException, InterruptedException {
        try (Socket socket = open(relay, 0)) {
            echo(socket, 0);
            return Typing.during(nanos, key -> echo(socket, key & 0x7f));
        }
    }

    private static void echo(Socket socket, int key) throws IOException {
        socket.getOutputStream().write(key);
        int back = socket.getInputStream().read();
        if (back != key) {
            throw new IOException("byte " + key + " came back as " + back);
        }
    }

    /// A session that sends as fast as it goes and reads what comes back.
    private static final class Bulk implements AutoCloseable {
        private final Socket socket;
        private final AtomicLong echoed = new AtomicLong();
        private final AtomicBoolean ended = new AtomicBoolean();
        private final CountDownLatch first = new CountDownLatch(1);

        Bulk(Socket socket) {
            this.socket = socket;
            Thread.ofVirtual().start(this::write);
            Thread.ofVirtual().start(this::read);
        }

        long echoed() {
            return echoed.get();
        }

        void awaitFirst() throws IOException, InterruptedException {
            if (!first.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("nothing came back in the bulk session");
            }
        }

        private void write() {
            byte[] piece = new byte[PIECE];
            try {
                while (!ended.get()) {
                    socket.getOutputStream().write(piece);
                }
            } catch (IOException e) {
                // Closed below; a session that broke before shows as one that stands still.
            }
        }

        private void read() {
            byte[] piece = new byte[PIECE];
            try {
                for (int size; (size = socket.getInputStream().read(piece)) >= 0; ) {
                    echoed.addAndGet(size);
                    first.countDown();
                }
            } catch (IOException e) {
                // As above.
            }
        }

        @Override
        public void close() throws IOException {
            ended.set(true);
            socket.close();
        }
    }
}
