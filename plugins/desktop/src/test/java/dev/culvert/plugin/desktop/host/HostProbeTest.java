package dev.culvert.plugin.desktop.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.desktop.TestEdge;
import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is said of hosts that are none; real ones are in the tests of the engines.
final class HostProbeTest {
    private final HostProbe probe = new HostProbe(new HostCertificates(new TestEdge()));

    /// Answers whoever comes with some bytes, and closes.
    private static ServerSocket saying(byte[] bytes) throws IOException {
        ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread.ofVirtual()
                .start(() -> {
                    try (Socket client = server.accept()) {
                        client.getOutputStream().write(bytes);
                        client.shutdownOutput();
                        client.getInputStream().readAllBytes();
                    } catch (IOException e) {
                        // The test is over.
                    }
                });
        return server;
    }

    private static TestEntry entry(String kind, int port) {
        return TestEntry.ann(kind, port, DesktopSettings.DEFAULT);
    }

    private void refuses(String kind, byte[] bytes, String code, String words) throws Exception {
        try (ServerSocket host = saying(bytes)) {
            assertThatThrownBy(() -> probe.look(entry(kind, host.getLocalPort()), ""))
                    .isInstanceOfSatisfying(
                            RefusedException.class,
                            e -> {
                                assertThat(e.code()).isEqualTo(code);
                                assertThat(e.getMessage()).contains(words).contains("office");
                                assertThat(e.next()).isNotEmpty();
                            });
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rdp, SSH-2.0-OpenSSH_9.2, not_rdp, does not speak RDP",
        "rdp, '', not_rdp, closed the connection",
        "vnc, SSH-2.0-OpenSSH_9.2, not_vnc, does not speak VNC",
        "vnc, RF, not_vnc, other bytes",
        "vnc, '', not_vnc, closed the connection"
    })
    void tellsWhatSpeaksSomethingElse(String kind, String bytes, String code, String words)
            throws Exception {
        refuses(kind, bytes.getBytes(StandardCharsets.US_ASCII), code, words);
    }

    @ParameterizedTest
    @CsvSource({
        "030000130ed000000000000200080000000000, RDP's own security",
        "0300000b06d00000000000, RDP's own security",
        "030000130ed000000000000300080002000000, SSL_NOT_ALLOWED_BY_SERVER",
        "030000130ed000000000000200080008000000, nobody asked for",
        "030000130ed000000000000200080001000000, did not agree on TLS"
    })
    void tellsWhyAnRdpHostIsNotProtectedEnough(String confirm, String words) throws Exception {
        refuses("rdp", HexFormat.of().parseHex(confirm), "security_mode", words);
    }

    @Test
    void takesWhatGreetsAsVncAndWhateverListensForTelnet() throws Exception {
        byte[] banner = "RFB 003.008\n".getBytes(StandardCharsets.US_ASCII);
        try (ServerSocket vnc = saying(banner);
                ServerSocket telnet = saying(new byte[0])) {
            assertThat(probe.look(entry("vnc", vnc.getLocalPort()), "").certificate()).isEmpty();
            assertThat(probe.look(entry("telnet", telnet.getLocalPort()), "").nla()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"rdp", "vnc", "telnet"})
    void tellsAPortOnWhichNothingListens(String kind) throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThatThrownBy(() -> probe.look(entry(kind, port), ""))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.code()).isEqualTo("host_refused"));
    }
}
