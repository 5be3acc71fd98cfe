package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ListenerTest extends StreamContract {
    private static InetSocketAddress any() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    Local open(Route route) throws Exception {
        CompletableFuture<Problem> told = new CompletableFuture<>();
        Listener listener = new Listener(route, Trust.context(route.caFile()), told::complete);
        InetSocketAddress bound = listener.bind(any());
        Socket socket = new Socket(bound.getAddress(), bound.getPort());
        return new Connected(listener, socket, told);
    }

    private record Connected(Listener listener, Socket socket, CompletableFuture<Problem> told)
            implements Local {
        @Override
        public OutputStream out() {
            return stream(socket::getOutputStream);
        }

        @Override
        public InputStream in() {
            return stream(socket::getInputStream);
        }

        private interface Opening<T> {
            T open() throws IOException;
        }

        private static <T> T stream(Opening<T> opening) {
            try {
                return opening.open();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void endOutput() throws IOException {
            socket.shutdownOutput();
        }

        /// A stream that is over without a word has no problem.
        @Override
        public Problem problem() throws Exception {
            await(() -> told.isDone() || listener.accepted() > 0);
            await(() -> told.isDone() || listener.streams() + listener.connections() == 0);
            return told.getNow(null);
        }

        @Override
        public void close() throws Exception {
            socket.close();
            listener.close();
        }
    }

    private static void await(java.util.function.BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    @Test
    void holdsAThousandStreamsAndClosesThemAll() throws Exception {
        int count = 1000;
        try (TestEdge edge =
                        new TestEdge(peer -> {
                            peer.accept(true);
                            peer.send(peer.readBytes(8));
                            peer.readToEndOfData();
                            peer.sendEnd();
                            peer.readToEof();
                        });
                Listener listener =
                        new Listener(
                                edge.route(), Trust.context(edge.route().caFile()), this::fail)) {
            InetSocketAddress bound = listener.bind(any());
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Socket socket = new Socket(bound.getAddress(), bound.getPort());
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(random(8, i));
                sockets.add(socket);
            }
            for (int i = 0; i < count; i++) {
                assertThat(sockets.get(i).getInputStream().readNBytes(8)).isEqualTo(random(8, i));
            }
            assertThat(listener.connections()).isEqualTo(count);
            for (Socket socket : sockets) {
                socket.shutdownOutput();
            }
            for (Socket socket : sockets) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
                socket.close();
            }
            await(() -> listener.streams() + listener.connections() == 0);
        }
    }

    /// `-Dculvert.soak=10000` for the long run.
    @Test
    void manyStreamsInSequenceLeaveNothingOpen() throws Exception {
        int count = Integer.getInteger("culvert.soak", 300);
        try (TestEdge edge =
                        new TestEdge(peer -> {
                            peer.accept(true);
                            peer.send(peer.readToEndOfData());
                            peer.sendEnd();
                            peer.readToEof();
                        });
                Listener listener =
                        new Listener(
                                edge.route(), Trust.context(edge.route().caFile()), this::fail)) {
            InetSocketAddress bound = listener.bind(any());
            long before = 0;
            for (int i = 0; i < count; i++) {
                if (i == 50) {
                    await(() -> listener.streams() + listener.connections() == 0);
                    before = descriptors();
                }
                try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                    socket.getOutputStream().write(random(100, i));
                    socket.shutdownOutput();
                    assertThat(socket.getInputStream().readAllBytes()).isEqualTo(random(100, i));
                }
            }
            await(() -> listener.streams() + listener.connections() == 0);
            long limit = before + 10;
            await(() -> descriptors() <= limit);
            Runtime runtime = Runtime.getRuntime();
            System.out.println(
                    "used MiB: " + ((runtime.totalMemory() - runtime.freeMemory()) >> 20));
        }
        assertThat(problems).isEmpty();
    }

    private static long descriptors() {
        String[] open = new java.io.File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }

    private final List<Problem> problems = new ArrayList<>();

    private synchronized void fail(Problem problem) {
        problems.add(problem);
        System.err.print(problem.lines());
    }

    @Test
    void aPortInUseIsExplained() throws Exception {
        try (TestEdge edge = new TestEdge(_ -> {});
                Listener first = new Listener(edge.route(), Trust.context(null), this::fail);
                Listener second = new Listener(edge.route(), Trust.context(null), this::fail)) {
            InetSocketAddress bound = first.bind(any());
            assertThatThrownBy(() -> second.bind(bound))
                    .isInstanceOf(Problem.class)
                    .hasMessageContaining("cannot listen on")
                    .hasMessageContaining("in use");
        }
    }

    @Test
    void readsAddressesToListenOn() throws Exception {
        assertThat(Listener.address("127.0.0.1:22"))
                .isEqualTo(new InetSocketAddress("127.0.0.1", 22));
        assertThat(Listener.address("tcp://localhost:22/x").getAddress().isLoopbackAddress())
                .isTrue();
        assertThat(Listener.address(":0").getAddress().isLoopbackAddress()).isTrue();
        assertThat(Listener.address("8080").getPort()).isEqualTo(8080);
        assertThat(Listener.address("[::1]:9").getPort()).isEqualTo(9);
        for (String wrong : List.of("", "host", "host:99999", "[::1", "h:x")) {
            assertThatThrownBy(() -> Listener.address(wrong)).isInstanceOf(Problem.class);
        }
    }

    @Test
    void countsTheBytesOfEachStreamAndMeasuresItsDelays() throws Exception {
        try (TestEdge edge =
                        new TestEdge(peer -> {
                            peer.accept(true);
                            peer.send(peer.readBytes(1000));
                            peer.send(random(500, 1));
                            while (!peer.ended && peer.readSome()) {
                                for (String event = peer.pollEvent();
                                        event != null;
                                        event = peer.pollEvent()) {
                                    if (event.equals("ping")) {
                                        peer.sendPong();
                                    }
                                }
                            }
                            peer.sendEnd();
                            peer.readToEof();
                        });
                Listener listener =
                        new Listener(
                                edge.route(), Trust.context(edge.route().caFile()), this::fail)) {
            InetSocketAddress bound = listener.bind(any());
            listener.watch(true);
            try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                socket.getOutputStream().write(random(1000, 0));
                socket.getInputStream().readNBytes(1500);
                StreamMeter stream = listener.meters().getFirst();
                assertThat(stream.from()).isEqualTo("127.0.0.1:" + socket.getLocalPort());
                assertThat(stream.up()).isEqualTo(1000);
                assertThat(stream.down()).isEqualTo(1500);
                assertThat(stream.openedAfterNanos()).isPositive();
                assertThat(stream.firstByteAfterNanos()).isPositive();
                await(() -> stream.roundTripNanos() > 0);
            }
            await(() -> listener.meters().isEmpty());
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void aStreamWaitsForATunnelThatIsAway() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        try (TestEdge edge =
                        new TestEdge(peer -> {
                            if (asked.incrementAndGet() < 3) {
                                peer.respond(
                                        "HTTP/1.1 503 Service Unavailable|Content-Length: 0||");
                                return;
                            }
                            peer.accept(true);
                            peer.send(peer.readBytes(3));
                            peer.readToEndOfData();
                            peer.sendEnd();
                            peer.readToEof();
                        });
                Listener listener =
                        new Listener(
                                edge.route(),
                                Trust.context(edge.route().caFile()),
                                telling(told),
                                new Patience(Duration.ofSeconds(30)))) {
            InetSocketAddress bound = listener.bind(any());
            try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                socket.getOutputStream().write("abc".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes());
                assertThat(listener.meters().getFirst().attempts()).isEqualTo(3);
            }
            await(() -> listener.streams() + listener.connections() == 0);
            assertThat(told).containsExactly("waiting", "opened", "ended 3 3");
        }
    }

    @Test
    void aStreamThatNobodyAnswersFailsWhenPatienceIsOver() throws Exception {
        List<String> told = Collections.synchronizedList(new ArrayList<>());
        ForwardOptions options = new ForwardOptions();
        try (java.net.ServerSocket free =
                new java.net.ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            options.hostname = "localhost:" + free.getLocalPort();
        }
        try (Listener listener =
                new Listener(
                        Route.of(options, _ -> null),
                        Trust.context(null),
                        telling(told),
                        new Patience(Duration.ofMillis(400)))) {
            InetSocketAddress bound = listener.bind(any());
            try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(told).hasSize(2).first().isEqualTo("waiting");
            assertThat(told.getLast()).startsWith("failed connection refused by localhost:");
        }
    }

    @Test
    void aDrainingPortTakesNoMoreStreamsAndKeepsThoseItHas() throws Exception {
        try (TestEdge edge =
                        new TestEdge(peer -> {
                            peer.accept(true);
                            peer.send(peer.readBytes(3));
                            peer.send(peer.readBytes(3));
                            peer.readToEndOfData();
                            peer.sendEnd();
                            peer.readToEof();
                        });
                Listener listener =
                        new Listener(
                                edge.route(), Trust.context(edge.route().caFile()), this::fail)) {
            InetSocketAddress bound = listener.bind(any());
            try (Socket socket = new Socket(bound.getAddress(), bound.getPort())) {
                socket.getOutputStream().write("abc".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes());
                listener.drain();
                assertThatThrownBy(() -> new Socket(bound.getAddress(), bound.getPort()).close())
                        .isInstanceOf(java.net.ConnectException.class);
                socket.getOutputStream().write("def".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("def".getBytes());
            }
            await(() -> listener.streams() == 0);
        }
    }

    private static StreamEvents telling(List<String> told) {
        return new StreamEvents() {
            @Override
            public void failed(Problem problem) {
                told.add("failed " + problem.what());
            }

            @Override
            public void opened(StreamMeter stream) {
                told.add("opened");
            }

            @Override
            public void ended(StreamMeter stream) {
                told.add("ended " + stream.up() + " " + stream.down());
            }

            @Override
            public void waiting(StreamMeter stream, Problem why) {
                told.add("waiting");
            }
        };
    }
}
