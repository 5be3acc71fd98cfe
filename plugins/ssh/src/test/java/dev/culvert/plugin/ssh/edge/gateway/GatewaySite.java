package dev.culvert.plugin.ssh.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.plugin.edge.SshSettings.Passage;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.ssh.edge.OpenSshd;
import dev.culvert.plugin.ssh.edge.SocketStream;
import dev.culvert.plugin.ssh.edge.TestEntry;
import dev.culvert.plugin.ssh.edge.ca.Authority;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.io.SessionThreads;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// A gateway on a port of the loopback, an OpenSSH server behind it, and OpenSSH's programs in front.
final class GatewaySite implements AutoCloseable {
    static final int DEADLINE_SECONDS = 60;

    final Path directory;
    final GatewayEdge edge = new GatewayEdge();
    final Authority authority = new Authority(edge);
    final OpenSshd host;

    /// Lines of `known_hosts`.
    final List<String> knownBesides = new ArrayList<>();

    final Path key;
    private final ScheduledExecutorService timer = SessionTimer.start();
    private final ServerSocket listener;
    private final Gateway gateway;
    private TestEntry entry;

    /// What a program did.
    record Ran(int exit, String out, String err) {}

    /// @param lines of the host's `sshd_config`
    GatewaySite(Path directory, String... lines) throws Exception {
        this.directory = directory;
        Path trusted = directory.resolve("user_ca.pub");
        Files.write(trusted, authority.ofUsers().stream().map(SshPublicKey::line).toList());
        List<String> config = new ArrayList<>(List.of("TrustedUserCAKeys " + trusted));
        config.addAll(Arrays.asList(lines));
        host = new OpenSshd(directory, String.join("\n", config));
        key = directory.resolve("ann");
        OpenSshd.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key.toString());
        edge.registered = publicKey(key).bytes();
        gateway = new Gateway(edge, authority, new HostKeys(edge, List::of), timer);
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::listen);
        entry = allow(access(Passage.AUDITED, Recording.BEST_EFFORT));
    }

    static SshPublicKey publicKey(Path key) throws Exception {
        return SshPublicKey.ofLine(Files.readString(Path.of(key + ".pub")).strip());
    }

    /// What entries of the host get from now on.
    TestEntry allow(SshAccess access) {
        TestEntry made = new TestEntry(host.port(), access);
        entry = made;
        edge.hosts.put(TestEntry.HOST, () -> made);
        return made;
    }

    /// The one of the last [#allow].
    TestEntry entry() {
        return entry;
    }

    /// @param uses those of the default when there are none
    static SshAccess access(Passage passage, Recording recording, Use... uses) {
        SshSettings settings =
                new SshSettings(
                        passage,
                        recording,
                        SshSettings.DEFAULT.certificateLife(),
                        List.of(),
                        List.of());
        SshRights rights =
                uses.length == 0
                        ? SshRights.DEFAULT
                        : new SshRights(List.of("{user}"), Set.of(uses), true);
        return new SshAccess(settings, rights, List.of(OpenSshd.USER));
    }

    private void listen() {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread.ofVirtual().name("gateway-client").start(() -> accept(socket));
            }
        } catch (IOException e) {
            // The end of the test.
        }
    }

    private void accept(Socket socket) {
        try {
            gateway.accept((Connection) new SocketStream(socket));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /// The gateway, for `-J`: which takes its options from a file alone.
    Path jumpConfig() throws Exception {
        String lines =
                """
                Host edge
                  HostName 127.0.0.1
                  Port %d
                  User somebody
                  HostKeyAlias auth.example.com
                Host *
                  StrictHostKeyChecking yes
                  UserKnownHostsFile %s
                  GlobalKnownHostsFile none
                  IdentitiesOnly yes
                  IdentityFile %s
                """
                        .formatted(port(), knownHosts(), key);
        return Files.writeString(directory.resolve("jump_config"), lines);
    }

    /// `ssh -J edge`, to the host by its name.
    ProcessBuilder jump(String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of("ssh", "-F", jumpConfig().toString(), "-J", "edge"));
        command.addAll(Arrays.asList(more));
        return own(command);
    }

    String target() {
        return OpenSshd.USER + "%" + TestEntry.HOST + "@127.0.0.1";
    }

    /// The gateway's host key is known, by the authority alone.
    Path knownHosts() throws Exception {
        Path known = directory.resolve("known_hosts");
        List<String> lines = new ArrayList<>();
        for (SshPublicKey signer : authority.ofHosts()) {
            lines.add("@cert-authority auth.example.com,*.example.com " + signer.line());
        }
        lines.addAll(knownBesides);
        Files.write(known, lines);
        return known;
    }

    /// Options of every program.
    List<String> options() throws Exception {
        return List.of(
                "-F",
                "none",
                "-o",
                "HostKeyAlias=auth.example.com",
                "-o",
                "StrictHostKeyChecking=yes",
                "-o",
                "UserKnownHostsFile=" + knownHosts(),
                "-o",
                "GlobalKnownHostsFile=none",
                "-o",
                "IdentitiesOnly=yes",
                "-o",
                "IdentityFile=" + key,
                "-o",
                "Port=" + port());
    }

    ProcessBuilder ssh(String... more) throws Exception {
        return program("ssh", more);
    }

    /// A program of OpenSSH's.
    ProcessBuilder program(String name, String... more) throws Exception {
        List<String> command = new ArrayList<>(List.of(name));
        command.addAll(options());
        command.addAll(Arrays.asList(more));
        return own(command);
    }

    /// A program that runs `ssh` itself.
    ProcessBuilder over(String... command) throws Exception {
        ProcessBuilder builder = own(List.of(command));
        String ssh = "ssh " + String.join(" ", options());
        builder.environment().put("GIT_SSH_COMMAND", ssh);
        builder.environment().put("RSYNC_RSH", ssh);
        return builder;
    }

    private ProcessBuilder own(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().remove("SSH_AUTH_SOCK");
        builder.environment().put("HOME", directory.toString());
        return builder;
    }

    /// Runs a command at the host.
    Ran run(String... more) throws Exception {
        return ran(ssh(more), "");
    }

    Ran ran(ProcessBuilder builder, String input) throws Exception {
        Path err = Files.createTempFile(directory, "err", "");
        builder.redirectError(err.toFile());
        Process process = builder.start();
        try (var in = process.getOutputStream()) {
            in.write(input.getBytes());
        } catch (IOException e) {
            // It does not read.
        }
        String out = new String(process.getInputStream().readAllBytes());
        boolean ended = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        String said = Files.readString(err);
        assertThat(ended).as(said).isTrue();
        return new Ran(process.exitValue(), out, said);
    }

    @Override
    public void close() throws Exception {
        listener.close();
        gateway.close();
        host.close();
        timer.shutdownNow();
        SessionThreads.awaitNone();
    }
}
