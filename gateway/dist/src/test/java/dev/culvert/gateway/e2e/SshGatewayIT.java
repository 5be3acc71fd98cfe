package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// The SSH gateway of a shipped edge: nothing of ours in front of it, and a host behind a connector that trusts the edge's
/// authority and knows no key of anybody.
@Timeout(120)
final class SshGatewayIT {
    private static final String EMAIL = "ann@example.com";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final String AUTH = "auth.it.localhost";
    private static final int PORT = Scratch.freePort();

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Sshd sshd;
    private static Path key;
    private static Path config;

    @BeforeAll
    static void start() throws Exception {
        startEdge();
        startHost();
        key = makeKey("ann");
        Person ann = signedIn(edge.url(AUTH, "/cdn-cgi/access/account/ssh-keys"));
        ann.sendTo(
                "/cdn-cgi/access/account/ssh-keys/add",
                "key=" + Files.readString(Path.of(key + ".pub")),
                "name=Laptop");
        assertThat(ann.sees()).contains("The key Laptop is added.", "SHA256:");
        config = clientConfig();
    }

    private static void startEdge() throws Exception {
        Path file =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        """
                        auth_host: %s
                        ssh_listen: 127.0.0.1:%d
                        access:
                          applications:
                            - name: shell
                              kind: ssh
                              domains: [%s]
                              policies:
                                - name: ann
                                  decision: allow
                                  include: [{email: ann@example.com}]
                                  ssh: {principals: ["%s"], allow: [exec, sftp]}
                        """
                                .formatted(AUTH, PORT, Sshd.HOST, User.NAME));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", file);
        Person first =
                new Person(edge)
                        .open(edge.program.await("link=(https://\\S+)").group(1))
                        .send("email=" + EMAIL, "name=Ann", "password=" + PASSWORD);
        assertThat(first.sees()).contains(EMAIL).doesNotContain("role=\"alert\">");
    }

    private static void startHost() throws Exception {
        sshd = Sshd.prepared(programs);
        Path trusted = programs.directory().resolve("user_ca.pub");
        Files.writeString(trusted, edge.gateway("ssh", "ca").output());
        Files.writeString(sshd.knownHosts(), edge.gateway("ssh", "ca", "--known-hosts").output());
        edge.gateway("ssh", "sign-host", sshd.hostKey() + ".pub", "--hostname", Sshd.HOST).output();
        sshd.start(
                """
                TrustedUserCAKeys %s
                HostCertificate %s-cert.pub
                AuthorizedKeysFile none
                SetEnv HOME=%s
                """
                        .formatted(trusted, sshd.hostKey(), programs.directory()));
        String token = edge.createTunnel("lan");
        AdminApi.of(edge.state)
                .ask(
                        "POST",
                        "routes",
                        "{\"hostname\":\"%s\",\"tunnel\":\"lan\"}".formatted(Sshd.HOST));
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: %s
                    service: ssh://127.0.0.1:%d
                  - service: hello_world
                """
                        .formatted(Sshd.HOST, sshd.port));
    }

    private static Path makeKey(String name) throws Exception {
        Path made = programs.directory().resolve(name);
        programs.run(Command.of("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", made))
                .output();
        return made;
    }

    private static Person signedIn(String url) throws Exception {
        return new Person(edge).open(url).send("email=" + EMAIL, "password=" + PASSWORD);
    }

    private static Path clientConfig() throws Exception {
        return Scratch.write(
                programs.directory().resolve("client_config"),
                """
                Host edge
                  HostName 127.0.0.1
                  Port %d
                  HostKeyAlias %s
                Host *
                  IdentitiesOnly yes
                  IdentityAgent none
                  UserKnownHostsFile %s
                  GlobalKnownHostsFile none
                  StrictHostKeyChecking yes
                """
                        .formatted(PORT, AUTH, sshd.knownHosts()));
    }

    private static Command ssh(Path with, Object... arguments) {
        return Command.of("ssh", "-F", config, "-i", with).and(arguments);
    }

    private static String target() {
        return User.NAME + "%" + Sshd.HOST + "@edge";
    }

    @Test
    void aRegisteredKeyOfWhoIsSignedInComesInAndIsRecorded() throws Exception {
        Finished ran = programs.run(ssh(key, target(), "echo in; echo err >&2; exit 3"));
        assertThat(ran.expectExit(3).stdout()).isEqualTo("in\n");
        assertThat(ran.stderr()).isEqualTo("err\n");
        assertThat(edge.gateway("recording", "list").output())
                .contains(EMAIL, User.NAME + "@" + Sshd.HOST, "gateway");
        Waiting.until(
                "a complete recording of it",
                () ->
                        programs.run(Command.gateway("recording", "verify", recording("echo in")))
                                        .exit()
                                == 0);
        assertThat(edge.gateway("audit", "--kind", "ssh", "-o", "json").output())
                .contains("\"via\":\"gateway\"");
    }

    /// The file of a recording that holds a text.
    private static Path recording(String text) throws Exception {
        try (Stream<Path> files = Files.walk(edge.state)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".cast")).toList()) {
                if (Files.readString(file).contains(text)) {
                    return file;
                }
            }
        }
        throw new AssertionError("no recording has " + text);
    }

    @Test
    void anotherKeyWaitsForABrowser() throws Exception {
        Program ssh = programs.start(ssh(makeKey("other"), target(), "echo in"));
        Matcher asked = ssh.await("(https://\\S+/cdn-cgi/access/ssh/\\S+)");
        String code = ssh.await("([0-9A-Z]{4}-[0-9A-Z]{4})").group(1);
        Person ann = signedIn(asked.group(1));
        assertThat(ann.sees()).contains(code, "to " + Sshd.HOST, "127.0.0.1");
        ann.send("decision=confirm");
        assertThat(ssh.finish().output()).isEqualTo("in\n");
        assertThat(edge.gateway("session", "list").output()).contains("ssh");
    }

    @Test
    void filesAreCopied() throws Exception {
        Path there = programs.directory().resolve("there");
        programs.run(
                        Command.of(
                                "scp",
                                "-q",
                                "-F",
                                config,
                                "-i",
                                key,
                                config,
                                target() + ":" + there))
                .output();
        assertThat(there).hasSameTextualContentAs(config);
    }

    @Test
    void aJumpEndsAtTheEdgeUnderTheHostsName() throws Exception {
        // The connection to the edge takes its key from a file alone.
        Path withKey =
                Scratch.write(
                        programs.directory().resolve("jump_config"),
                        Files.readString(config) + "  IdentityFile " + key + "\n");
        Finished ran =
                programs.run(
                        Command.of(
                                "ssh",
                                "-F",
                                withKey,
                                "-J",
                                "ann@edge",
                                User.NAME + "@" + Sshd.HOST,
                                "echo in"));
        assertThat(ran.output()).isEqualTo("in\n");
    }

    @Test
    void whatThePolicyDoesNotAllowIsDeniedByTheEdge() throws Exception {
        Finished forwarded = programs.run(ssh(key, "-W", "127.0.0.1:" + sshd.port, target()));
        assertThat(forwarded.stderr()).contains("Forwarding ports of yours is not allowed");
        assertThat(edge.gateway("audit", "--kind", "ssh", "-o", "json").output())
                .contains("\"outcome\":\"denied\"", "local_forward");
    }

    @Test
    void whoseSessionsAnAdministratorEndsIsOutAndToldSo() throws Exception {
        Program ssh = programs.start(ssh(key, target(), "echo in; sleep 60"));
        ssh.await("^in$");
        edge.gateway("session", "end", "--all-of", EMAIL).output();
        assertThat(ssh.finish().expectExit(255).stderr()).contains("Received disconnect");
        Finished again = programs.run(ssh(key, "-o", "BatchMode=yes", target(), "true"));
        assertThat(again.expectExit(255).stderr()).contains("Permission denied");
        signedIn(edge.url(AUTH, "/"));
        assertThat(programs.run(ssh(key, target(), "echo in")).output()).isEqualTo("in\n");
    }
}
