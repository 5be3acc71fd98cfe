package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// `access` asks for a login, a person signs in with a browser and confirms, and the stream goes on.
@Timeout(120)
final class CliLoginIT {
    private static final String EMAIL = "ann@example.com";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final int LOGIN_NEEDED = 3;
    private static final int DENIED = 4;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private Path tokens;

    @BeforeAll
    static void start() throws Exception {
        Origin echo =
                programs.closing(
                        new Origin(client -> {
                            client.getInputStream().transferTo(client.getOutputStream());
                            client.shutdownOutput();
                        }));
        Path config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        """
                        auth_host: auth.it.localhost
                        access:
                          applications:
                            - name: shell
                              kind: tcp
                              domains: [shell.it.localhost]
                              policies:
                                - {name: ann, decision: allow, include: [{email: ann@example.com}]}
                            - name: wiki
                              domains: [wiki.it.localhost]
                              policies:
                                - {name: ann, decision: allow, include: [{email: ann@example.com}]}
                            - name: vault
                              domains: [vault.it.localhost]
                              policies:
                                - {name: bob, decision: allow, include: [{email: bob@example.com}]}
                        """);
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        String token = edge.createTunnel("main");
        for (String name : List.of("shell", "wiki", "vault")) {
            AdminApi.of(edge.state)
                    .ask(
                            "POST",
                            "routes",
                            "{\"hostname\":\"%s.it.localhost\",\"tunnel\":\"main\"}"
                                    .formatted(name));
        }
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: shell.it.localhost
                    service: tcp://127.0.0.1:%d
                  - service: hello_world
                """
                        .formatted(echo.port()));
        String link = edge.program.await("link=(https://\\S+)").group(1);
        Person first =
                new Person(edge)
                        .open(link)
                        .send("email=" + EMAIL, "name=Ann", "password=" + PASSWORD);
        assertThat(first.sees()).contains(EMAIL).doesNotContain("role=\"alert\">");
    }

    @BeforeEach
    void newTokens() throws Exception {
        tokens = programs.freshDirectory("tokens").resolve("access");
    }

    /// A client of this test, which says on stderr what it would say on a terminal.
    private Command client(Command command) {
        return command.with("CULVERT_ACCESS_HOME", tokens)
                .with("CULVERT_CACERT", edge.authority())
                .with("CULVERT_JAVA_OPTS", "-Dculvert.access.terminal=/dev/no-terminal");
    }

    private Command access(String command, String host, Object... more) {
        return client(Command.access(command, edge.url(host, "/")).and(more));
    }

    private Command stream(String host) {
        return client(edge.access("tcp", host));
    }

    private Path said(String text) throws Exception {
        return Scratch.write(programs.freshDirectory("said").resolve("said"), text);
    }

    /// Signs in where a program asks for it, and compares the code.
    private static Person signedIn(Program program) throws Exception {
        Matcher link = program.await("^ +(https://\\S+/cdn-cgi/access/cli\\?\\S+)");
        Matcher code = program.await("code there is (\\S+)");
        Person person =
                new Person(edge).open(link.group(1)).send("email=" + EMAIL, "password=" + PASSWORD);
        assertThat(person.sees()).contains(code.group(1), "127.0.0.1", "access ");
        return person;
    }

    private void logIn() throws Exception {
        Program login = programs.start(access("login", "wiki.it.localhost", "--quiet"));
        signedIn(login).send("decision=confirm");
        login.finish().expectExit(0);
    }

    @Test
    void aStreamAsksForALoginAndGoesOnAfterIt() throws Exception {
        Program stream = programs.start(stream("shell.it.localhost").reading(said("said\n")));
        Person person = signedIn(stream).send("decision=confirm");

        assertThat(person.sees()).contains("shell");
        assertThat(stream.finish().output()).isEqualTo("said\n");
        Finished next = programs.run(stream("shell.it.localhost").reading(said("again\n")));
        assertThat(next.output()).isEqualTo("again\n");
        assertThat(next.stderr()).isEmpty();
    }

    @Test
    void anotherApplicationIsOpenedWithoutAPerson() throws Exception {
        logIn();

        Finished stream = programs.run(stream("shell.it.localhost").reading(said("said\n")));
        assertThat(stream.output()).isEqualTo("said\n");
        assertThat(stream.stderr()).isEmpty();
    }

    @Test
    void whoIsNotLetInIsToldSoWithAnId() throws Exception {
        logIn();

        Finished vault = programs.run(stream("vault.it.localhost")).expectExit(DENIED);
        assertThat(vault.stderr()).contains("does not let you in", "(id ").hasLineCount(2);
    }

    @Test
    void whoDoesNotConfirmEndsTheProgram() throws Exception {
        Program login = programs.start(access("login", "wiki.it.localhost"));
        signedIn(login).send("decision=cancel");

        Finished ended = login.finish().expectExit(DENIED);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr()).contains("refused in the browser");
    }

    @Test
    void curlGetsThePageAndTokenAndLogoutDoWhatTheySay() throws Exception {
        programs.run(access("token", "wiki.it.localhost")).expectExit(LOGIN_NEEDED);
        logIn();

        assertThat(programs.run(access("curl", "wiki.it.localhost", "-s")).output())
                .contains("</html>");
        assertThat(programs.run(access("token", "wiki.it.localhost")).output())
                .matches("ey\\S+\\.\\S+\\.\\S+\\s*");
        assertThat(programs.run(access("logout", "wiki.it.localhost")).output())
                .contains("signed out at auth.it.localhost");
        programs.run(access("token", "wiki.it.localhost")).expectExit(LOGIN_NEEDED);
        try (var files = Files.list(tokens)) {
            assertThat(files).noneMatch(file -> file.toString().endsWith("-token"));
        }
    }

    @Test
    void aSessionThatEndsTakesItsOpenStreamWithItAndSaysSo() throws Exception {
        logIn();
        Program stream =
                programs.start(
                        client(
                                Command.shell(
                                        "(echo open; exec sleep 100) | %s tcp --hostname %s"
                                                .formatted(
                                                        Shipped.ACCESS,
                                                        edge.url("shell.it.localhost", "/")))));
        stream.await("^open$");
        programs.run(access("logout", "wiki.it.localhost")).expectExit(0);

        stream.await("access: error: your session was ended");
    }
}
