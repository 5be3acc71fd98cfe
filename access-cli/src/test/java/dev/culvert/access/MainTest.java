package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program as a child process.
@Timeout(120)
class MainTest {
    private static ProcessBuilder to(TestEdge edge, String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--hostname"));
        args.add(edge.options().hostname);
        args.addAll(List.of("--cacert", TestCertificates.ONE.authority.toString()));
        args.addAll(List.of(more));
        return Program.of(args.toArray(String[]::new));
    }

    @Test
    void carriesBytesBetweenInputAndOutput() throws Exception {
        try (TestEdge edge =
                new TestEdge(peer -> {
                    peer.accept(true);
                    peer.send(peer.readToEndOfData());
                    peer.sendEnd();
                    peer.readToEof();
                })) {
            assertThat(Program.run(to(edge, "ssh"), "hello"))
                    .isEqualTo(new Program.Ran(0, "hello", ""));
        }
    }

    @Test
    void endsWithTheServerWhileInputIsOpen() throws Exception {
        try (TestEdge edge = new TestEdge(peer -> peer.accept(true).sendClose(1008, "revoked"))) {
            Process process = to(edge, "tcp").start();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(Program.read(process.getErrorStream()))
                    .startsWith("access: error: revoked" + System.lineSeparator());
        }
    }

    @Test
    void aClosedOutputIsSilent() throws Exception {
        try (TestEdge edge =
                new TestEdge(peer -> {
                    peer.accept(true);
                    byte[] piece = new byte[1 << 16];
                    for (int i = 0; i < 200; i++) {
                        peer.send(piece);
                    }
                    peer.readToEof();
                })) {
            Process process = to(edge, "tcp").start();
            process.getInputStream().readNBytes(10);
            process.getInputStream().close();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isZero();
            assertThat(Program.read(process.getErrorStream())).isEmpty();
        }
    }

    @Test
    void listensSaysWhereAndEndsOnATermination() throws Exception {
        try (TestEdge edge =
                new TestEdge(peer -> {
                    peer.accept(true);
                    peer.send(peer.readBytes(3));
                    peer.readToEof();
                })) {
            Process process = to(edge, "rdp", "--url", ":0").start();
            BufferedReader err = process.errorReader();
            String line = err.readLine();
            assertThat(line).startsWith("access: listening on 127.0.0.1:");
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            try (Socket socket = new Socket("127.0.0.1", port)) {
                socket.getOutputStream().write("abc".getBytes());
                assertThat(socket.getInputStream().readNBytes(3)).isEqualTo("abc".getBytes());
                // Not Process.destroy, which closes the pipes as well.
                process.toHandle().destroy();
                assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(err.readLine()).isNull();
        }
    }

    @Test
    void aPortInUseEndsTheProgram() throws Exception {
        try (TestEdge edge = new TestEdge(_ -> {});
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Program.Ran ran =
                    Program.run(to(edge, "tcp", "--url", "127.0.0.1:" + taken.getLocalPort()), "");
            assertThat(ran.code()).isEqualTo(1);
            assertThat(ran.err()).contains("access: error: cannot listen on", "access: hint: ");
        }
    }

    @Test
    void theCommonPathLoadsNothingOfTheOtherWays() throws Exception {
        try (TestEdge edge = new TestEdge(peer -> peer.accept(true).sendClose(1000, ""))) {
            ProcessBuilder builder = to(edge, "ssh");
            builder.command().add(1, "-Xlog:class+load:file=/dev/stderr");
            Program.Ran ran = Program.run(builder, "");
            assertThat(ran.err()).contains("dev.culvert.access.StdioForward");
            assertThat(ran.err())
                    .doesNotContain(
                            " picocli.",
                            "org.apache.mina",
                            "tools.jackson",
                            "org.slf4j",
                            "com.nimbusds",
                            "dev.culvert.access.login.TokenFiles",
                            "org.jline",
                            "org.snakeyaml",
                            "dev.culvert.terminal",
                            "dev.culvert.access.console",
                            "dev.culvert.access.ports");
        }
    }

    @Test
    void printsAnSshConfigBlock() throws Exception {
        assertThat(Program.run(Program.of("ssh-config", "--hostname", "ssh.example.com"), "").out())
                .isEqualTo(
                        "Host ssh.example.com\n"
                                + "  ProxyCommand '/opt/my culvert/bin/access' ssh --hostname %h\n");
    }

    @Test
    void theSshConfigBlockKeepsAPort() throws Exception {
        assertThat(
                        Program.run(
                                        Program.of(
                                                "ssh-config", "--hostname", "*.example.com:8443"),
                                        "")
                                .out())
                .startsWith("Host *.example.com\n")
                .endsWith(" ssh --hostname %h:8443\n");
        assertThat(
                        Program.run(Program.of("ssh-config", "--hostname", "a.example.com:x"), "")
                                .code())
                .isEqualTo(2);
    }

    @Test
    void theSshConfigBlockKeepsHowTheEdgeIsReached() throws Exception {
        assertThat(
                        Program.run(
                                        Program.of(
                                                "ssh-config",
                                                "--hostname",
                                                "ssh.example.com",
                                                "--cacert",
                                                "/etc/my ca.pem",
                                                "--connect-to",
                                                "127.0.0.1:8443"),
                                        "")
                                .out())
                .isEqualTo(
                        """
                        Host ssh.example.com
                          ProxyCommand '/opt/my culvert/bin/access' ssh --hostname %h --cacert '/etc/my ca.pem' --connect-to 127.0.0.1:8443
                        """);
    }

    @Test
    void theSshConfigBlockGetsACertificateFirst() throws Exception {
        ProcessBuilder builder =
                Program.of(
                        "ssh-config", "--short-lived-cert", "--hostname", "ssh.example.com:8443");
        builder.environment().put("CULVERT_ACCESS_HOME", "/srv/100% mine");
        assertThat(Program.run(builder, "").out())
                .isEqualTo(
                        """
                        Match host ssh.example.com exec "'/opt/my culvert/bin/access' ssh-gen --hostname %h:8443"
                          IdentityFile "/srv/100%% mine/%h-cf_key"
                          CertificateFile "/srv/100%% mine/%h-cf_key-cert.pub"
                          IdentitiesOnly yes
                        Host ssh.example.com
                          ProxyCommand '/opt/my culvert/bin/access' ssh --hostname %h:8443
                        """);
    }

    @Test
    void theSshConfigBlockRefusesWhatWouldEndItsQuotes() throws Exception {
        assertThat(
                        Program.run(
                                        Program.of(
                                                "ssh-config",
                                                "--hostname",
                                                "ssh.example.com",
                                                "--cacert",
                                                "/etc/a\"b.pem"),
                                        "")
                                .code())
                .isEqualTo(2);
    }

    @Test
    void printsVersionAndHelp() throws Exception {
        assertThat(Program.run(Program.of("version"), "").out()).startsWith("access ");
        Program.Ran help = Program.run(Program.of("ssh", "--help"), "");
        assertThat(help.code()).isZero();
        assertThat(help.out()).contains("--connect-to", "verified");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ssh",
                "shh --hostname h",
                "ssh --hostnam h",
                "ssh --hostname h --cacert /no/such/file"
            })
    void explainsMistakes(String line) throws Exception {
        Program.Ran ran =
                Program.run(Program.of(line.isEmpty() ? new String[0] : line.split(" ")), "");
        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("access: error: ").contains("access: hint: ");
    }

    @Test
    void theFastReaderAndPicocliKnowTheSameFlags() {
        var command = new picocli.CommandLine(new Commands.Forward()).getCommandSpec();
        for (var option : command.options()) {
            for (String name : option.names()) {
                boolean help = option.usageHelp() || option.versionHelp();
                ForwardOptions parsed = FastArguments.parse(new String[] {"tcp", name, "v"});
                assertThat(parsed == null).as(name).isEqualTo(help);
            }
        }
        assertThat(FastArguments.parse(new String[] {"ssh-config", "--hostname", "h"})).isNull();
        assertThat(FastArguments.parse(new String[] {"ssh", "--hostname"})).isNull();
        assertThat(FastArguments.parse(new String[] {"ssh", "--hostname", "--url"})).isNull();
        assertThat(FastArguments.parse(new String[] {"ssh", "--hostname=h"}).hostname)
                .isEqualTo("h");
    }
}
