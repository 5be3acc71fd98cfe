package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
}
