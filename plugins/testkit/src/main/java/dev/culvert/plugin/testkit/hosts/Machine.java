package dev.culvert.plugin.testkit.hosts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;

/// What a host takes of the machine it runs on. Stateless.
final class Machine {
    private Machine() {}

    /// Hosts sign people in, or run their shells as someone else.
    static void requireRoot(String host) throws IOException {
        if (!Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0)) {
            throw new AssertionError(
                    host + " needs root; run the tests as root (in a container, say) on Debian 12");
        }
    }

    /// Where things that take long to get are kept between runs.
    static Path cache(String name) {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".cache")
                        : Path.of(cache);
        return base.resolve("culvert").resolve(name).toAbsolutePath();
    }

    /// A port on loopback for a program that cannot choose one itself. Below the range the system gives to
    /// outgoing connections, so that none of these takes it meanwhile.
    static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (var probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) {
                // Taken: another one.
            }
        }
    }

    static boolean accepts(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
