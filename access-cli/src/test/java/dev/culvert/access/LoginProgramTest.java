package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Signing in by the program itself. Its browser is curl: it opens the page, and [LoginEdge] takes that for a yes.
@Timeout(120)
class LoginProgramTest {
    @TempDir Path home;

    private LoginEdge edge;
    private Path terminal;

    @BeforeEach
    void start() throws Exception {
        edge = new LoginEdge();
        terminal = Files.createFile(home.resolve("terminal"));
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private ProcessBuilder program(String... args) {
        ProcessBuilder builder = Program.of(args);
        String authority = TestCertificates.ONE.authority.toString();
        builder.environment().put("CULVERT_ACCESS_HOME", home.resolve("access").toString());
        builder.environment().put("CULVERT_CACERT", authority);
        builder.environment().put("BROWSER", "curl -s --cacert " + authority);
        builder.command().add(1, "-Dculvert.access.terminal=" + terminal);
        return builder;
    }

    private ProcessBuilder stream(String command, String... more) {
        List<String> args = new ArrayList<>(List.of(command, "--hostname", edge.url("edge")));
        args.addAll(List.of(more));
        return program(args.toArray(String[]::new));
    }

    private Program.Ran run(String... args) throws Exception {
        return Program.run(program(args), "");
    }

    @Test
    void sshSignsInAndCarriesNothingButTheStream() throws Exception {
        assertThat(Program.run(stream("ssh"), "hello")).isEqualTo(new Program.Ran(0, "hello", ""));
        assertThat(Files.readString(terminal))
                .contains(
                        edge.host("edge") + " needs a login at " + edge.host("auth"),
                        "    https://" + edge.host("edge") + "/cdn-cgi/access/cli?aud=aud-of-edge&",
                        "the code there is " + edge.codes.remove());
    }

    @Test
    void withoutATerminalThePersonIsAskedOnStderr() throws Exception {
        Files.delete(terminal);
        Program.Ran ran = Program.run(stream("ssh"), "hello");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo("hello");
        assertThat(ran.err()).contains("the code there is " + edge.codes.remove());
    }

    @Test
    void theNextStreamNeedsNoPerson() throws Exception {
        Program.run(stream("ssh"), "hello");
        Program.run(stream("tcp"), "again");
        assertThat(edge.codes).hasSize(1);
        assertThat(edge.count("/cdn-cgi/access/certs")).isEqualTo(1);
    }

    @Test
    void tenProcessesSignInOnce() throws Exception {
        List<Callable<Program.Ran>> calls = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Process process = stream("tcp").start();
            calls.add(() -> Program.finish(process, "hello"));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Program.Ran> ran : threads.invokeAll(calls)) {
                assertThat(ran.get()).isEqualTo(new Program.Ran(0, "hello", ""));
            }
        }
        assertThat(edge.codes).hasSize(1);
    }

    @Test
    void aSessionThatWasEndedIsFollowedByALogin() throws Exception {
        Program.run(stream("ssh"), "hello");
        edge.revokeAll();
        assertThat(Program.run(stream("ssh"), "hello")).isEqualTo(new Program.Ran(0, "hello", ""));
        assertThat(edge.codes).hasSize(2);
    }

    @Test
    void anEdgeThatTakesNoTokenIsNotAskedForEver() throws Exception {
        edge.takesNoToken = true;
        Program.Ran ran = Program.run(stream("ssh"), "hello");
        assertThat(ran.code()).isEqualTo(Problem.LOGIN_NEEDED);
        assertThat(ran.out()).isEmpty();
        assertThat(edge.codes).hasSize(1);
    }

    @Test
    void aServiceTokenThatIsNotTakenStartsNoLogin() throws Exception {
        Program.Ran ran =
                Program.run(stream("tcp", "--id", "ci.access", "--secret", "wrong"), "hello");
        assertThat(ran.code()).isEqualTo(Problem.DENIED);
        assertThat(ran.err()).contains("does not take this service token");
        assertThat(edge.codes).isEmpty();
    }

    @Test
    void thePortsFirstStreamSignsInForAll() throws Exception {
        Process process = stream("tcp", "--url", "127.0.0.1:0").start();
        try (BufferedReader err = process.errorReader()) {
            String line = err.readLine();
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                sockets.add(new Socket("127.0.0.1", port));
            }
            for (Socket socket : sockets) {
                socket.getOutputStream().write("hello".getBytes(StandardCharsets.UTF_8));
                socket.shutdownOutput();
            }
            for (Socket socket : sockets) {
                assertThat(new String(socket.getInputStream().readAllBytes())).isEqualTo("hello");
                socket.close();
            }
            assertThat(edge.codes).hasSize(1);
        } finally {
            process.destroy();
        }
    }

    @Test
    void loginPrintsTheTokenAndLogoutEndsIt() throws Exception {
        Program.Ran login = run("login", edge.url("edge"));
        assertThat(login.code()).isZero();
        String token = login.out().strip();
        assertThat(edge.appTokens).contains(edge.host("edge") + token);
        assertThat(login.err()).contains("the code there is " + edge.codes.remove());
        assertThat(run("token", "--app", edge.url("edge")).out().strip()).isEqualTo(token);
        assertThat(run("login", "--quiet", edge.url("edge")).out()).isEmpty();
        assertThat(run("logout", edge.url("edge")).out())
                .isEqualTo("signed out at " + edge.host("auth") + System.lineSeparator());
        assertThat(edge.orgTokens).isEmpty();
        assertThat(run("token", edge.url("edge")).code()).isEqualTo(Problem.LOGIN_NEEDED);
    }

    @Test
    void loginRenewsATokenTheEdgeNoLongerTakes() throws Exception {
        String token = run("login", edge.url("edge")).out();
        edge.revokeAll();
        assertThat(run("login", edge.url("edge")).out()).isNotEqualTo(token);
    }

    @Test
    void curlIsGivenTheToken() throws Exception {
        Program.Ran ran = run("curl", "-s", edge.url("edge") + "page?q=1");
        assertThat(ran.out()).isEqualTo("secret page");
        assertThat(edge.requests)
                .anyMatch(one -> one.startsWith("GET " + edge.host("edge") + "/page?q=1"));
        assertThat(
                        run(
                                        "curl",
                                        "--fail",
                                        "-s",
                                        "--connect-timeout",
                                        "1",
                                        "https://localhost:1/")
                                .code())
                .isNotZero();
    }

    @Test
    void theTokenIsInNoArgumentAndInAFileOfTheUser() throws Exception {
        Path tools = Files.createDirectory(home.resolve("tools"));
        Path curl = tools.resolve("curl");
        Files.writeString(curl, "#!/bin/sh\necho \"$@\"\nls -l \"$2\"\ncat \"$2\"\nexit 22\n");
        Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwx------"));
        run("login", edge.url("edge"));
        String token = run("token", edge.url("edge")).out().strip();
        ProcessBuilder builder = program("curl", edge.url("edge"), "-v");
        builder.environment().merge("PATH", tools.toString(), (path, own) -> own + ":" + path);
        Program.Ran ran = Program.run(builder, "");
        assertThat(ran.code()).isEqualTo(22);
        List<String> lines = ran.out().lines().toList();
        assertThat(lines.get(0)).startsWith("--cookie ").endsWith(edge.url("edge") + " -v");
        assertThat(lines.get(0)).doesNotContain(token);
        assertThat(lines.get(1)).startsWith("-rw-------");
        assertThat(lines.get(2)).startsWith("#HttpOnly_edge.localhost\t").endsWith(token);
        assertThat(Path.of(lines.get(0).split(" ")[1])).doesNotExist();
    }

    @Test
    void helpKnowsTheCommands() throws Exception {
        String help = run("--help").out().toLowerCase(Locale.ROOT);
        assertThat(help).contains("login", "token", "curl", "logout");
        assertThat(run("login").code()).isEqualTo(Problem.USAGE);
        assertThat(run("curl", "--help").out()).contains("--allow-request");
    }
}
