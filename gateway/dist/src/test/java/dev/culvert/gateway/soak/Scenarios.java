package dev.culvert.gateway.soak;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Many streams, and much in one: what must go well however long it lasts.
///
/// `scale` 1 is the full size, 0.01 that of the test suite. Confined to one thread.
final class Scenarios {
    /// Idle connections the connector keeps to an HTTP origin (`keepAliveConnections`).
    static final int KEPT = 110;

    static final String SMALL =
            "-Xmx256m -XX:MaxDirectMemorySize=128m -XX:+HeapDumpOnOutOfMemoryError";

    private static final int ROUNDS = 16;
    private static final int ROUND_BYTES = 16 * 1024;
    private static final long MIB = 1024 * 1024;

    private final Site site;
    private final Origins origins;
    private final double scale;

    Scenarios(Site site, Origins origins, double scale) {
        this.site = site;
        this.origins = origins;
        this.scale = scale;
    }

    Stage stage(int connections, String edgeJvm, String connectorJvm) throws Exception {
        return new Stage(site, site.rules(origins), connections, edgeJvm, connectorJvm);
    }

    /// @param edge further arguments
    Stage stage(int connections, List<String> edge) throws Exception {
        return new Stage(site, site.rules(origins), connections, "", "", edge);
    }

    boolean isFull() {
        return scale >= 1;
    }

    int scaled(int full, int least) {
        return Math.max(least, (int) (full * scale));
    }

    private Duration patience() {
        return Duration.ofSeconds(scaled(900, 60));
    }

    /// 1,000 streams through one local port, all open before the first byte.
    Row concurrentStreams() throws Exception {
        int streams = scaled(1000, 50);
        try (Stage stage = stage(4, "", "")) {
            int port = stage.access("echo.localhost");
            Measured measured = new Measured("concurrent streams", stage, true);
            CountDownLatch open = new CountDownLatch(streams);
            Together.run(
                    streams,
                    streams,
                    patience(),
                    i -> {
                        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                            socket.setTcpNoDelay(true);
                            Pattern.write(socket.getOutputStream(), i, 1);
                            Pattern.check(socket.getInputStream(), i, 1);
                            open.countDown();
                            if (!open.await(patience().toSeconds(), TimeUnit.SECONDS)) {
                                throw new Exception("not all streams came to be open");
                            }
                            for (int round = 0; round < ROUNDS; round++) {
                                long at = 1 + i + (long) round * ROUND_BYTES;
                                Pattern.write(socket.getOutputStream(), at, ROUND_BYTES);
                                Pattern.check(socket.getInputStream(), at, ROUND_BYTES);
                            }
                            socket.shutdownOutput();
                            if (socket.getInputStream().read() >= 0) {
                                throw new Exception("bytes after the end");
                            }
                        }
                    });
            measured.loaded();
            return measured.row(
                    streams + " streams, " + ROUNDS * ROUND_BYTES / 1024 + " KiB each way each", 4);
        }
    }

    /// 10,000 streams and 10,000 requests one after the other (four at a time): live memory and
    /// descriptors stay what they were after the first thousand.
    Row manyStreams() throws Exception {
        int streams = scaled(10_000, 200);
        try (Stage stage = stage(4, "", "")) {
            int port = stage.access("echo.localhost");
            User user = new User(stage.authority(), stage.publicPort());
            openAndClose(streams / 10, port, user);
            Measured measured = new Measured("streams in sequence", stage, true);
            long[] before = live(stage);
            openAndClose(streams, port, user);
            measured.loaded();
            Measured.settles(() -> stage.accessProgram().descriptors() < 100);
            long[] after = live(stage);
            String detail =
                    streams
                            + " streams + requests; live KiB edge %d -> %d, connector %d -> %d, access %d -> %d"
                                    .formatted(
                                            before[0] >> 10,
                                            after[0] >> 10,
                                            before[1] >> 10,
                                            after[1] >> 10,
                                            before[2] >> 10,
                                            after[2] >> 10);
            Row row = measured.row(detail, KEPT);
            for (int i = 0; i < 3; i++) {
                if (after[i] > before[i] + 4 * MIB) {
                    return row.failed("live memory grew");
                }
            }
            return row;
        }
    }

    private void openAndClose(int count, int port, User user) throws Exception {
        Together.run(
                count,
                4,
                patience(),
                i -> {
                    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                        Pattern.write(socket.getOutputStream(), i, 1000);
                        Pattern.check(socket.getInputStream(), i, 1000);
                    }
                    user.download("web.localhost", 1000);
                });
    }

    private static long[] live(Stage stage) throws Exception {
        return new long[] {
            stage.edge().liveBytes(),
            stage.connector().liveBytes(),
            stage.accessProgram().liveBytes()
        };
    }

    /// 5 GB each way with little memory: by curl (HTTP/2); then 1 GB at once both ways through `access tcp`.
    Row bulk() throws Exception {
        long bytes = (long) (5_000_000_000L * scale);
        long echo = bytes / 5;
        try (Stage stage = stage(4, SMALL, SMALL)) {
            int port = stage.access("echo.localhost");
            Measured measured = new Measured("bulk", stage, true);
            long start = System.nanoTime();
            Curl curl = new Curl(stage);
            curl.download(bytes);
            long downloaded = System.nanoTime();
            curl.upload(bytes);
            long uploaded = System.nanoTime();
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Together.run(
                        2,
                        2,
                        patience(),
                        i -> {
                            if (i == 0) {
                                Pattern.write(socket.getOutputStream(), 0, echo);
                                socket.shutdownOutput();
                            } else {
                                Pattern.check(socket.getInputStream(), 0, echo);
                            }
                        });
            }
            long echoed = System.nanoTime();
            measured.loaded();
            return measured.row(
                    "%d MB; MB/s: curl down %d, up %d, access both ways at once %d"
                            .formatted(
                                    bytes / 1_000_000,
                                    bytes * 1000 / (downloaded - start),
                                    bytes * 1000 / (uploaded - downloaded),
                                    echo * 1000 / (echoed - uploaded)),
                    KEPT);
        }
    }

    /// 2,000 WebSockets that say nothing.
    Row idleStreams() throws Exception {
        int streams = scaled(2000, 50);
        try (Stage stage = stage(4, "", "")) {
            User user = new User(stage.authority(), stage.publicPort());
            var sockets = new java.util.concurrent.ConcurrentLinkedQueue<User.Exchange>();
            Together.run(50, 50, patience(), i -> user.webSocket("echo.localhost").close());
            Measured measured = new Measured("idle streams", stage, false);
            long[] live = {stage.edge().liveBytes(), stage.connector().liveBytes()};
            long[] rss = {stage.edge().rss(), stage.connector().rss()};
            Together.run(
                    streams, 20, patience(), i -> sockets.add(user.webSocket("echo.localhost")));
            String detail =
                    "%d streams; bytes each: heap edge %d, connector %d; resident edge %d, connector %d"
                            .formatted(
                                    streams,
                                    (stage.edge().liveBytes() - live[0]) / streams,
                                    (stage.connector().liveBytes() - live[1]) / streams,
                                    (stage.edge().rss() - rss[0]) / streams,
                                    (stage.connector().rss() - rss[1]) / streams);
            for (User.Exchange socket : sockets) {
                socket.close();
            }
            measured.loaded();
            return measured.row(detail, 4);
        }
    }
}
