package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `access up` as a child process.
@Timeout(120)
class UpTest {
    private static final int TERMINATED = 143;

    @TempDir Path directory;

    private static TestEdge echo() throws IOException {
        return new TestEdge(peer -> {
            peer.accept(true);
            long sent = 0;
            while (!peer.ended && peer.readSome()) {
                peer.send(peer.readBytes((int) (peer.received - sent)));
                sent = peer.received;
            }
            peer.sendEnd();
            peer.readToEof();
        });
    }

    private Process up(String text, String... more) throws IOException {
        Path file = directory.resolve("ports.yml");
        Files.writeString(file, text);
        ProcessBuilder builder = Program.of("up", file.toString());
        builder.command().addAll(java.util.List.of(more));
        builder.environment().put("CULVERT_ACCESS_HOME", directory.resolve("home").toString());
        return builder.start();
    }

    private static String entry(TestEdge edge, String name) {
        return "  - {name: "
                + name
                + ", hostname: 'https://localhost:"
                + edge.port()
                + "', cacert: '"
                + TestCertificates.ONE.authority
                + "'}\n";
    }

    private static int port(String line) {
        String text = line.replaceFirst(".* listening on 127\\.0\\.0\\.1:(\\d+) for .*", "$1");
        return Integer.parseInt(text);
    }

    private static int end(Process process) throws InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    @Test
    void opensAllPortsAndLetsStreamsFinishWhenItIsTerminated() throws Exception {
        try (TestEdge edge = echo()) {
            Process process =
                    up("ports:\n" + entry(edge, "one") + entry(edge, "two"), "--grace", "30");
            BufferedReader err = process.errorReader();
            String first = err.readLine();
            String second = err.readLine();
            assertThat(first).startsWith("access: one: listening on 127.0.0.1:");
            assertThat(second).startsWith("access: two: listening on 127.0.0.1:");
            assertThat(err.readLine()).isEqualTo("access: ready, ports open: 2");
            try (Socket socket = new Socket("127.0.0.1", port(second))) {
                socket.getOutputStream().write("abc".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes());
                // Not Process.destroy, which closes the pipes as well.
                process.toHandle().destroy();
                assertThat(err.readLine())
                        .isEqualTo("access: ending, streams that may go on for 30 s: 1");
                awaitRefused(port(first));
                socket.getOutputStream().write("def".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("def".getBytes());
                socket.shutdownOutput();
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(err.readLine()).isEqualTo("access: ended");
            assertThat(end(process)).isEqualTo(TERMINATED);
        }
    }

    private static void awaitRefused(int port) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (Socket _ = new Socket("127.0.0.1", port)) {
                assertThat(System.nanoTime()).isLessThan(deadline);
                LockSupport.parkNanos(5_000_000);
            } catch (ConnectException e) {
                return;
            }
        }
    }

    @Test
    void streamsThatDoNotFinishAreCutAfterTheGrace() throws Exception {
        try (TestEdge edge = echo()) {
            Process process = up("ports:\n" + entry(edge, "one"), "--grace", "0");
            BufferedReader err = process.errorReader();
            try (Socket socket = new Socket("127.0.0.1", port(err.readLine()))) {
                socket.getOutputStream().write("abc".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes());
                process.toHandle().destroy();
                assertThat(end(process)).isEqualTo(TERMINATED);
            }
            assertThat(err.lines().toList()).endsWith("access: ended, streams cut: 1");
        }
    }

    @Test
    void allThatIsWrongIsSaidAndNothingIsOpened() throws Exception {
        Process process = up("ports:\n  - {hostnam: a.example.com}\n");
        assertThat(end(process)).isEqualTo(2);
        assertThat(process.errorReader().lines().toList())
                .anyMatch(line ->
                        line.startsWith("access: error: ")
                                && line.endsWith("unknown key (did you mean \"hostname\"?)"))
                .anyMatch(line -> line.startsWith("access: hint: nothing was opened"));
    }

    @Test
    void aPortThatIsTakenClosesTheOthers() throws Exception {
        try (TestEdge edge = echo();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String blocked =
                    "  - {hostname: x.example.com, url: '127.0.0.1:"
                            + taken.getLocalPort()
                            + "'}\n";
            Process process = up("ports:\n" + entry(edge, "one") + blocked);
            assertThat(end(process)).isEqualTo(1);
            assertThat(process.errorReader().lines().toList())
                    .anyMatch(
                            line -> line.startsWith("access: error: cannot listen on 127.0.0.1:"));
        }
    }

    @Test
    void anApplicationThatIsNotOfferedIsAMistake() throws Exception {
        Process process = up("ports:\n  - {app: database}\n");
        assertThat(end(process)).isEqualTo(2);
        assertThat(process.errorReader().lines().toList())
                .contains(
                        "access: error: no application database is offered to you",
                        "access: hint: sign in first, or name its hostname");
    }

    @Test
    void theJournalIsKnownByDeviceAndInode() throws Exception {
        Path file = Files.createFile(directory.resolve("journal"));
        String own =
                Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        assertThat(Notices.isJournal(own, file)).isTrue();
        assertThat(Notices.isJournal(own, Files.createFile(directory.resolve("other")))).isFalse();
        assertThat(Notices.isJournal(null, file)).isFalse();
    }
}
