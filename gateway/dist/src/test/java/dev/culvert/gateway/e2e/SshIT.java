package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// OpenSSH's client and server with `access` as the ProxyCommand between them.
@Timeout(120)
final class SshIT {
    private static final int MEGABYTES = 10;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Sshd sshd;
    private static Connector connector;
    private static Path config;
    private static Path big;

    @BeforeAll
    static void start() throws Exception {
        sshd = new Sshd(programs);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("lan");
        edge.publish(Sshd.HOST, "lan");
        connector =
                Connector.start(
                        edge,
                        token,
                        """
                        ingress:
                          - hostname: %s
                            service: ssh://127.0.0.1:%d
                          - service: http_status:404
                        """
                                .formatted(Sshd.HOST, sshd.port));
        config =
                sshd.clientConfig(
                        "client_config",
                        Shipped.ACCESS
                                + " ssh --hostname %h:"
                                + edge.publicPort
                                + " --cacert "
                                + edge.authority(),
                        "");
        big = Scratch.randomFile(programs.directory().resolve("big"), MEGABYTES);
    }

    /// ssh finds a Java for the ProxyCommand as this test's environment says.
    private static Command ssh(Object... arguments) {
        return Command.of("ssh", "-F", config).and(arguments);
    }

    private static void assertSame(Path file) throws Exception {
        assertThat(Scratch.sha256(file)).isEqualTo(Scratch.sha256(big));
    }

    @Test
    void aCommandsOutputErrorsAndStatusArrive() throws Exception {
        Finished ssh = programs.run(ssh(Sshd.HOST, "echo out; echo err >&2; exit 7"));

        ssh.expectExit(7);
        assertThat(ssh.stdout()).isEqualTo("out\n");
        assertThat(ssh.stderr()).isEqualTo("err\n");
    }

    @Test
    void inputEndsAtTheHost() throws Exception {
        Finished ssh = programs.run(ssh(Sshd.HOST, "sha256sum").reading(big));

        assertThat(ssh.output()).startsWith(Scratch.sha256(big));
    }

    @Test
    void scpCopiesBothWays() throws Exception {
        Path there = programs.directory().resolve("scp-there");
        Path back = programs.directory().resolve("scp-back");

        programs.run(Command.of("scp", "-q", "-F", config, big, Sshd.HOST + ":" + there)).output();
        programs.run(Command.of("scp", "-q", "-F", config, Sshd.HOST + ":" + there, back)).output();

        assertSame(there);
        assertSame(back);
    }

    @Test
    void rsyncCopiesBothWays() throws Exception {
        Path there = programs.directory().resolve("rsync-there");
        Path back = programs.directory().resolve("rsync-back");
        Command rsync = Command.of("rsync", "-e", "ssh -F " + config);

        programs.run(rsync.and(big, Sshd.HOST + ":" + there)).output();
        programs.run(rsync.and(Sshd.HOST + ":" + there, back)).output();

        assertSame(there);
        assertSame(back);
    }

    @Test
    void sftpPutsAndGets() throws Exception {
        Path there = programs.directory().resolve("sftp-there");
        Path back = programs.directory().resolve("sftp-back");
        Path batch =
                Scratch.write(
                        programs.directory().resolve("sftp-batch"),
                        "put %s %s\nget %s %s\n".formatted(big, there, there, back));

        programs.run(Command.of("sftp", "-q", "-F", config, "-b", batch, Sshd.HOST)).output();

        assertSame(there);
        assertSame(back);
    }

    @Test
    void forwardsALocalPort() throws Exception {
        Nginx nginx = new Nginx(programs);
        int port = Scratch.freePort();
        Program forwarding =
                programs.start(
                        ssh(
                                "-N",
                                "-o",
                                "ExitOnForwardFailure=yes",
                                "-L",
                                "127.0.0.1:" + port + ":127.0.0.1:" + nginx.port,
                                Sshd.HOST));
        forwarding.awaitPort(port);

        String page =
                programs.run(Command.of("curl", "-sS", "http://127.0.0.1:" + port + "/")).output();

        assertThat(page).isEqualTo("nginx is here\n");
    }

    @Test
    void isASocksProxy() throws Exception {
        Nginx nginx = new Nginx(programs);
        int port = Scratch.freePort();
        Program proxy = programs.start(ssh("-N", "-D", "127.0.0.1:" + port, Sshd.HOST));
        proxy.awaitPort(port);

        String page =
                programs.run(
                                Command.of(
                                        "curl",
                                        "-sS",
                                        "--socks5-hostname",
                                        "127.0.0.1:" + port,
                                        "http://localhost:" + nginx.port + "/"))
                        .output();

        assertThat(page).isEqualTo("nginx is here\n");
    }

    @Test
    void anInteractiveShellHasATerminal() throws Exception {
        Path typed =
                Scratch.write(
                        programs.directory().resolve("typed"),
                        "tty\necho $((6*7))-answers\nexit 5\n");

        Finished shell = programs.run(ssh("-tt", Sshd.HOST).reading(typed));

        shell.expectExit(5);
        assertThat(shell.stdout()).contains("/dev/pts/", "42-answers");
    }

    @Test
    void theBlockSshConfigPrintsWorksInAFile() throws Exception {
        String block =
                programs.run(
                                Command.access(
                                        "ssh-config",
                                        "--hostname",
                                        Sshd.HOST + ":" + edge.publicPort))
                        .output();
        Path file = sshd.clientConfig("from_ssh_config", "", block);

        String out =
                programs.run(
                                Command.of("ssh", "-F", file, Sshd.HOST, "echo through the block")
                                        .with("CULVERT_CACERT", edge.authority()))
                        .output();

        assertThat(out).isEqualTo("through the block\n");
    }

    @Test
    void afterASessionNoStreamIsLeft() throws Exception {
        programs.run(ssh(Sshd.HOST, "true")).output();

        Waiting.until(
                "no open stream at the edge, and none at the connector",
                () ->
                        edge.own("/metrics").contains("\nculvert_streams 0.0\n")
                                && connector
                                        .own("/metrics")
                                        .contains("\nculvert_connector_streams 0.0\n"));
    }
}
