package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.plugin.edge.DesktopSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class TunnelPortTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    private static TunnelPort to(int host, Set<InetAddress> sources) throws IOException {
        TestEntry entry = new TestEntry("rdp", DesktopSettings.DEFAULT, host);
        return TunnelPort.open("session", new PlainWay(entry), LOOPBACK, sources);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket();
        socket.connect(address);
        return socket;
    }

    @Test
    void carriesOneConnectionBothWaysToItsEndAndNoOther() throws IOException {
        try (ServerSocket host = new ServerSocket(0, 5, LOOPBACK);
                TunnelPort port = to(host.getLocalPort(), Set.of(LOOPBACK))) {
            assertThat(port.address().getAddress()).isEqualTo(LOOPBACK);
            port.await();
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
                TunnelPort port = to(host.getLocalPort(), Set.of(other))) {
            port.await();
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
        try (TunnelPort port = to(1, Set.of(LOOPBACK))) {
            port.await();
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
            TunnelPort port = to(host.getLocalPort(), Set.of(LOOPBACK));
            port.await();
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
        try (TunnelPort port = to(1, Set.of(LOOPBACK))) {
            port.await();
            try (Socket guacd = connect(port.address())) {
                assertThat(guacd.getInputStream().read()).isEqualTo(-1);
                assertThat(port.failure()).hasMessage("Nothing listens there.");
            }
        }
    }
}
