package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// With real sockets, of this program's.
@Timeout(60)
final class SocketOwnersTest {
    private static long own() throws IOException {
        return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "::1"})
    void theUserOfTheOtherEndIsFoundWhileSomebodyHasIt(String name) throws Exception {
        InetAddress address = InetAddress.getByName(name);
        try (ServerSocket listener = new ServerSocket(0, 5, address);
                Socket here = new Socket(address, listener.getLocalPort())) {
            assertThat(SocketOwners.LINUX.ofPeer(here)).as("not accepted").isEmpty();
            try (Socket there = listener.accept()) {
                assertThat(SocketOwners.LINUX.ofPeer(here)).hasValue(own());
                assertThat(SocketOwners.LINUX.ofPeer(there)).hasValue(own());
                here.close();
                assertThat(SocketOwners.LINUX.ofPeer(there)).as("closed").isEmpty();
            }
        }
    }

    /// Of the `%` that stand for addresses of the connection.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n\n",
                "  sl  local_address rem_address   st\n",
                "0: %s %s 01",
                "0: %s %s 01 0:0 00:0 0 4294967296123 0 77 1",
                "0: %s %s 01 0:0 00:0 0 -1 0 77 1",
                "0: %s %s 01 0:0 00:0 0 root 0 77 1",
                "0: %s %s 08 0:0 00:0 0 1000 0 77 1",
                "0: %s %s 01 0:0 00:0 0 1000 0 0 1",
                "0: %2$s %1$s 01 0:0 00:0 0 1000 0 77 1",
                "\u00ff\u00fe\u0000"
            })
    void whatIsNoRowOfTheConnectionIsPassedOver(String text, @TempDir Path directory)
            throws Exception {
        Path table = directory.resolve("tcp");
        try (ServerSocket listener = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
                Socket here = new Socket("127.0.0.1", listener.getLocalPort())) {
            String far = "0100007F:%04X".formatted(here.getPort());
            String near = "0100007F:%04X".formatted(here.getLocalPort());
            Files.writeString(table, text.formatted(far, near));
            SocketOwners owners = new SocketOwners(List.of(directory.resolve("none"), table));
            assertThat(owners.ofPeer(here)).isEqualTo(OptionalLong.empty());
            String row = "\n   0: %s %s 01 0:0 00:0 0  1000        0 77 1\n".formatted(far, near);
            Files.writeString(table, text.formatted(far, near) + row);
            assertThat(owners.ofPeer(here)).hasValue(1000);
        }
    }
}
