package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.edge.DesktopSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TunnelPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static final Callers LOCAL = from(LOOPBACK);

    private static TunnelPort to(int host) throws IOException {
        TestEntry entry = TestEntry.ann("rdp", host, DesktopSettings.DEFAULT);
        return TunnelPort.open("session", new PlainWay(entry), LOOPBACK);
    }

    private static Callers from(InetAddress address) {
        return new Callers(Set.of(address), OptionalLong.empty(), SocketOwners.LINUX);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        return socket;
    }

    @Test
    void carriesOneConnectionBothWaysToItsEndAndNoOther() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 5, LOOPBACK);
                TunnelPort port = to(host.getLocalPort())) {
            assertThat(port.address().getAddress()).isEqualTo(LOOPBACK);
            port.await(LOCAL);
            try (Socket guacd = connect(port.address());
                    Socket served = host.accept()) {
                assertThatExceptionOfType(ConnectException.class)
                        .isThrownBy(() -> connect(port.address()));
                guacd.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                guacd.shutdownOutput();
                assertThat(served.getInputStream().readAllBytes()).asString().isEqualTo("hello");
                assertThat(port.isHeard()).isFalse();
                served.getOutputStream().write("you too".getBytes(StandardCharsets.UTF_8));
                served.close();
                assertThat(guacd.getInputStream().readAllBytes()).asString().isEqualTo("you too");
                assertThat(port.isHeard()).isTrue();
                assertThat(port.failure()).isNull();
            }
        }
    }

    @Test
    void sendsStrangersAwayAndWaitsOn() throws Exception {
        InetAddress other = InetAddress.getByName("127.0.0.2");
        try (ServerSocket host = new ServerSocket(0, 5, LOOPBACK);
                TunnelPort port = to(host.getLocalPort())) {
            port.await(from(other));
            try (Socket stranger = connect(port.address());
                    Socket guacd = new Socket()) {
                assertThat(stranger.getInputStream().read()).isEqualTo(-1);
                guacd.bind(new InetSocketAddress(other, 0));
                guacd.connect(port.address());
                guacd.getOutputStream().write('x');
                try (Socket served = host.accept()) {
                    assertThat(served.getInputStream().read()).isEqualTo('x');
                }
            }
        }
    }

    @Test
    void nobodyComesAndItIsClosed() throws Exception {
        try (TunnelPort port = to(1)) {
            port.await(LOCAL);
            while (port.failure() == null) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(port.failure().code()).isEqualTo("guacd_refused");
            assertThatExceptionOfType(ConnectException.class)
                    .isThrownBy(() -> connect(port.address()));
        }
    }

    @Test
    void closingItCutsBothSides() throws Exception {
        try (ServerSocket host = new ServerSocket(0, 5, LOOPBACK)) {
            TunnelPort port = to(host.getLocalPort());
            port.await(LOCAL);
            try (Socket guacd = connect(port.address());
                    Socket served = host.accept()) {
                port.close();
                port.close();
                assertThat(read(guacd)).isEqualTo(-1);
                assertThat(read(served)).isEqualTo(-1);
            }
        }
    }

    private static int read(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1; // reset
        }
    }

    @Test
    void aHostThatIsNotThereIsTheReason() throws Exception {
        try (TunnelPort port = to(1)) {
            port.await(LOCAL);
            try (Socket guacd = connect(port.address())) {
                assertThat(guacd.getInputStream().read()).isEqualTo(-1);
                assertThat(port.failure())
                        .hasMessage("The service behind this name does not accept connections.");
            }
        }
    }

    /// As root: a program of another user is there before guacd is.
    @Test
    void aProgramOfAnotherUserIsSentAwayThoughItComesFirst() throws Exception {
        assertThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                .as("tests of guacd need root")
                .isEqualTo(0);
        try (ServerSocket guacd = new ServerSocket(0, 5, LOOPBACK);
                Socket wire = connect((InetSocketAddress) guacd.getLocalSocketAddress());
                Socket itsEnd = guacd.accept();
                ServerSocket host = new ServerSocket(0, 5, LOOPBACK);
                TunnelPort port = to(host.getLocalPort())) {
            Callers callers = Callers.of(Set.of(LOOPBACK), wire);
            assertThat(callers.user()).hasValue(0);
            Process stranger = stranger(port.address().getPort());
            assertThat(stranger.inputReader().readLine()).isEqualTo("is there");

            port.await(callers);
            assertThat(stranger.inputReader().readLine()).isEqualTo("is sent away");
            assertThat(stranger.waitFor()).isZero();
            try (Socket caller = connect(port.address())) {
                caller.getOutputStream().write('x');
                try (Socket served = host.accept()) {
                    assertThat(served.getInputStream().read()).isEqualTo('x');
                }
            }
            assertThat(itsEnd.isClosed()).isFalse();
        }
    }

    private static Process stranger(int port) throws IOException {
        String script = "exec 3<>/dev/tcp/127.0.0.1/$0; echo is there; cat <&3; echo is sent away";
        String[] command = {
            "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "bash", "-c", script
        };
        List<String> words = new ArrayList<>(List.of(command));
        words.add(Integer.toString(port));
        return new ProcessBuilder(words).redirectErrorStream(true).start();
    }

    @Test
    void whoCameInsteadOfGuacdIsSaid() throws Exception {
        Callers callers = new Callers(Set.of(LOOPBACK), OptionalLong.of(4711), SocketOwners.LINUX);
        try (TunnelPort port = to(1)) {
            port.await(callers);
            for (int strangers = 0; strangers < 16; strangers++) {
                try (Socket stranger = connect(port.address())) {
                    assertThat(read(stranger)).isEqualTo(-1);
                }
            }
            while (port.failure() == null) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(port.failure())
                    .hasMessageContaining("it is a program of user ")
                    .hasMessageContaining(", guacd's is 4711.");
        }
    }
}
