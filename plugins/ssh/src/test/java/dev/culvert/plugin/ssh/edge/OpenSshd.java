package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.testkit.hosts.OwnPassword;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/// A running OpenSSH server on a free port of the loopback, with keys and configuration of its own. Shells find
/// an empty home: what the account's own start-up files do is no matter of tests.
public final class OpenSshd implements AutoCloseable {
    public static final String USER = System.getProperty("user.name");
    private static final int DEADLINE_SECONDS = 30;

    private final Path directory;
    private final Process process;
    private final int port;

    /// @param more lines of `sshd_config`, which count before ours
    public OpenSshd(Path directory, String more) throws Exception {
        this(directory, more, List.of());
    }

    /// One for which the user has a password: only this server sees it, which takes root.
    public static OpenSshd withPassword(Path directory, String password, String more)
            throws Exception {
        requireOwnMounts();
        return new OpenSshd(directory, more, OwnPassword.before(directory, USER, password));
    }

    /// One that finds a disk of a mebibyte at a folder, which takes root.
    public static OpenSshd withSmallDisk(Path directory, Path disk) throws Exception {
        requireOwnMounts();
        String mount = "mount -t tmpfs -o size=1m none " + disk + " && exec \"$@\"";
        return new OpenSshd(directory, "", List.of("unshare", "-m", "sh", "-c", mount, "sshd"));
    }

    private static void requireOwnMounts() throws Exception {
        Assumptions.assumeTrue(
                USER.equals("root") && runs("unshare", "-m", "true"),
                "root, who may give a program mounts of its own");
    }

    private OpenSshd(Path directory, String more, List<String> before) throws Exception {
        this.directory = directory;
        for (Path each : new Path[] {key(), hostKey()}) {
            if (Files.notExists(each)) {
                run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", each.toString());
            }
        }
        if (USER.equals("root")) {
            // Debian makes it when its own service starts.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        port = freePort();
        Path config = directory.resolve("sshd_config");
        Files.writeString(
                config,
                more
                        + """

                        ListenAddress 127.0.0.1:%d
                        HostKey %s
                        AuthorizedKeysFile %s.pub
                        StrictModes no
                        UsePAM no
                        PasswordAuthentication no
                        KbdInteractiveAuthentication no
                        PermitRootLogin yes
                        PidFile none
                        PrintMotd no
                        PrintLastLog no
                        # What shells read when they start is the test's, not this machine's.
                        SetEnv HOME=%s HISTFILE=
                        %s
                        """
                                .formatted(
                                        port,
                                        hostKey(),
                                        key(),
                                        directory,
                                        more.contains("Subsystem")
                                                ? ""
                                                : "Subsystem sftp internal-sftp"));
        List<String> command = new ArrayList<>(before);
        command.addAll(List.of("/usr/sbin/sshd", "-D", "-e", "-f", config.toString()));
        process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log().toFile())
                        .start();
        awaitPort();
    }

    public int port() {
        return port;
    }

    /// The user's private key.
    public Path key() {
        return directory.resolve("key");
    }

    public Path hostKey() {
        return directory.resolve("host_key");
    }

    public Path log() {
        return directory.resolve("sshd.log");
    }

    private void awaitPort() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                process.waitFor(20, TimeUnit.MILLISECONDS);
            }
        }
        throw new AssertionError("sshd does not listen:\n" + Files.readString(log()));
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// What a program prints, which has to succeed.
    public static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes());
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new AssertionError(String.join(" ", command) + ":\n" + output);
        }
        return output;
    }

    private static boolean runs(String... command) throws Exception {
        try {
            run(command);
            return true;
        } catch (IOException | AssertionError e) {
            return false;
        }
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
