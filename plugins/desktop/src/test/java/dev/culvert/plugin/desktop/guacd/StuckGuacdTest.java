package dev.culvert.plugin.desktop.guacd;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Something at guacd's address that never comes to an end: the connection is closed.
@Timeout(60)
final class StuckGuacdTest {
    /// Of TLS, a record of a handshake that is 16 KiB long.
    private static final byte[] RECORD = {22, 3, 3, 64, 0, 2, 0, 63, (byte) 0xfc};

    private static final TestEntry VNC = TestEntry.ann("vnc", 1, DesktopSettings.DEFAULT);

    /// What it does with a connection.
    private interface Way {
        void serve(Socket edge) throws IOException;
    }

    /// Serves one connection; done when the other side has closed it.
    private record Stuck(ServerSocket listener, CompletableFuture<Void> done)
            implements AutoCloseable {
        static Stuck serving(Way way) throws IOException {
            Stuck stuck =
                    new Stuck(
                            new ServerSocket(0, 5, InetAddress.getLoopbackAddress()),
                            new CompletableFuture<>());
            Thread.ofVirtual().name("stuck-guacd").start(() -> stuck.serve(way));
            return stuck;
        }

        private void serve(Way way) {
            try (Socket edge = listener.accept()) {
                way.serve(edge);
            } catch (IOException e) {
                // Reset, which is the end as well.
            }
            done.complete(null);
        }

        GuacdSettings settings(boolean tls) {
            return new GuacdSettings("127.0.0.1", listener.getLocalPort(), tls, null, null, null);
        }

        @Override
        public void close() throws IOException {
            listener.close();
        }
    }

    private static void saysNothing(Socket edge) throws IOException {
        edge.getInputStream().readAllBytes();
    }

    private static void trickles(Socket edge) throws IOException {
        trickle(edge, RECORD, new byte[1]);
    }

    private static void tricklesAnInstruction(Socket edge) throws IOException {
        trickle(edge, "4.args".getBytes(UTF_8), ",1.a".getBytes(UTF_8));
    }

    /// A little now and then, sooner than any timeout of a socket.
    private static void trickle(Socket edge, byte[] first, byte[] then) throws IOException {
        OutputStream out = edge.getOutputStream();
        out.write(first);
        while (true) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            out.write(then);
        }
    }

    private static void assertLeft(Stuck stuck) throws Exception {
        stuck.done().get(50, TimeUnit.SECONDS);
    }

    @Test
    void oneThatTricklesTlsIsLeft() throws Exception {
        try (Stuck stuck = Stuck.serving(StuckGuacdTest::trickles)) {
            GuacdAddress address = new GuacdAddress(stuck.settings(true));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(address::connect)
                    .withMessageContaining("does not answer within 3 s")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_missing"));
            assertLeft(stuck);
        }
    }

    @Test
    void oneThatSaysNothingInTlsIsLeft() throws Exception {
        try (Stuck stuck = Stuck.serving(StuckGuacdTest::saysNothing)) {
            Guacd guacd = new Guacd(new TestServices(stuck.settings(true)));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> guacd.require(VNC))
                    .withMessageContaining("does not answer within 3 s");
            assertLeft(stuck);
        }
    }

    @Test
    void oneThatSaysNothingIsLeft() throws Exception {
        try (Stuck stuck = Stuck.serving(StuckGuacdTest::saysNothing)) {
            Guacd guacd = new Guacd(new TestServices(stuck.settings(false)));
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> guacd.require(VNC))
                    .withMessageContaining("it does not answer in time");
            assertLeft(stuck);
        }
    }

    @Test
    void oneThatTricklesIsLeftInAHandshake() throws Exception {
        try (Stuck stuck = Stuck.serving(StuckGuacdTest::tricklesAnInstruction)) {
            GuacdSocket guacd = new GuacdAddress(stuck.settings(false)).connect();
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() -> new Handshake(guacd).ask("vnc", Duration.ofSeconds(1)))
                    .withMessageContaining("it does not answer in time")
                    .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_refused"));
            assertLeft(stuck);
        }
    }
}
