package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Certificates of minutes by the shipped programs: stock OpenSSH on both sides, the block that `ssh-config` prints, and a
/// host that trusts the edge's authority and knows no key of anybody.
@Timeout(120)
final class SshCertificateIT {
    private static final String EMAIL = "ann@example.com";
    private static final String PASSWORD = "seven lamps under the bridge";
    private static final String OTHER = "other.it.localhost";
    private static final int DENIED = 4;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Sshd sshd;
    private static Path tokens;
    private static Path trusted;
    private static Path config;

    @BeforeAll
    static void start() throws Exception {
        startEdge();
        startHost();
        logIn();
        Command block =
                Command.access("ssh-config", "--short-lived-cert", "--hostname", at(Sshd.HOST))
                        .and("--cacert", edge.authority());
        config = clientConfig(programs.run(client(block)).output());
    }

    private static void startEdge() throws Exception {
        Path file =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        """
                        auth_host: auth.it.localhost
                        access:
                          applications:
                            - name: shell
                              kind: ssh
                              domains: [%s]
                              policies:
                                - name: ann
                                  decision: allow
                                  include: [{email: ann@example.com}]
                                  ssh: {principals: ["{user}", "%s"], allow: [exec, sftp]}
                            - name: other
                              kind: ssh
                              domains: [%s]
                              policies:
                                - name: ann
                                  decision: allow
                                  include: [{email: ann@example.com}]
                                  ssh: {principals: []}
                            - name: wiki
                              domains: [wiki.it.localhost]
                              policies:
                                - {name: ann, decision: allow, include: [{email: ann@example.com}]}
                        """
                                .formatted(Sshd.HOST, User.NAME, OTHER));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", file);
        Person first =
                new Person(edge)
                        .open(edge.program.await("link=(https://\\S+)").group(1))
                        .send("email=" + EMAIL, "name=Ann", "password=" + PASSWORD);
        assertThat(first.sees()).contains(EMAIL).doesNotContain("role=\"alert\">");
    }

    private static void startHost() throws Exception {
        sshd = Sshd.prepared(programs);
        trusted = programs.directory().resolve("user_ca.pub");
        trust();
        Files.writeString(sshd.knownHosts(), edge.gateway("ssh", "ca", "--known-hosts").output());
        assertThat(sshd.knownHosts()).content().startsWith("@cert-authority *.it.localhost ssh-");
        edge.gateway("ssh", "sign-host", sshd.hostKey() + ".pub", "--hostname", Sshd.HOST).output();
        sshd.start(
                """
                TrustedUserCAKeys %s
                HostCertificate %s-cert.pub
                AuthorizedKeysFile none
                LogLevel VERBOSE
                """
                        .formatted(trusted, sshd.hostKey()));
        String token = edge.createTunnel("lan");
        for (String name : List.of(Sshd.HOST, OTHER, "wiki.it.localhost")) {
            AdminApi.of(edge.state)
                    .ask(
                            "POST",
                            "routes",
                            "{\"hostname\":\"%s\",\"tunnel\":\"lan\"}".formatted(name));
        }
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

    /// The host learns what the edge signs with.
    private static void trust() throws Exception {
        Files.writeString(trusted, edge.gateway("ssh", "ca").output());
    }

    private static String at(String host) {
        return host + ":" + edge.publicPort;
    }

    private static Command client(Command command) {
        return command.with("CULVERT_ACCESS_HOME", tokens)
                .with("CULVERT_CACERT", edge.authority())
                .with("CULVERT_JAVA_OPTS", "-Dculvert.access.terminal=/dev/no-terminal");
    }

    private static void logIn() throws Exception {
        tokens = programs.freshDirectory("tokens").resolve("access");
        Program login =
                programs.start(
                        client(Command.access("login", edge.url(Sshd.HOST, "/"), "--quiet")));
        Matcher link = login.await("^ +(https://\\S+/cdn-cgi/access/cli\\?\\S+)");
        new Person(edge)
                .open(link.group(1))
                .send("email=" + EMAIL, "password=" + PASSWORD)
                .send("decision=confirm");
        login.finish().expectExit(0);
    }

    private static Path clientConfig(String block) throws Exception {
        return Scratch.write(
                programs.directory().resolve("client_config"),
                block
                        + """
                        Host *
                          User %s
                          IdentityAgent none
                          UserKnownHostsFile %s
                          GlobalKnownHostsFile none
                          StrictHostKeyChecking yes
                          UpdateHostKeys no
                          BatchMode yes
                        """
                                .formatted(User.NAME, sshd.knownHosts()));
    }

    private Finished ssh(Object... arguments) throws Exception {
        return programs.run(client(Command.of("ssh", "-F", config).and(arguments)));
    }

    /// The application token of a host, as a command line gets it without a person.
    private String token(String host) throws Exception {
        return programs.run(client(Command.access("login", edge.url(host, "/")))).output().strip();
    }

    /// The answer to a request for a certificate.
    private String signed(String token) throws Exception {
        String key = Files.readString(Path.of(sshd.hostKey() + ".pub")).strip();
        return programs.run(
                        edge.curl(
                                "-H",
                                "Content-Type: application/json",
                                "--data",
                                "{\"public_key\":\"%s\",\"jwt\":\"%s\",\"issuer\":\"x\"}"
                                        .formatted(key, token),
                                edge.url("auth.it.localhost", "/cdn-cgi/access/cert_sign")))
                .output();
    }

    @Test
    void stockSshScpAndGitWorkThroughTheBlockThatSshConfigPrints() throws Exception {
        assertThat(ssh(Sshd.HOST, "echo by certificate").output()).isEqualTo("by certificate\n");
        sshd.awaitLog("Accepted publickey for \\S+ .* ID ann@example.com session [0-9a-f]{8} ");

        Path there = programs.directory().resolve("there");
        programs.run(client(Command.of("scp", "-q", "-F", config, config, Sshd.HOST + ":" + there)))
                .output();
        assertThat(there).hasSameTextualContentAs(config);

        Path repository = programs.freshDirectory("repository");
        programs.run(Command.of("git", "init", "-q", "--bare", repository)).output();
        programs.run(
                        client(
                                        Command.of(
                                                "git",
                                                "clone",
                                                "-q",
                                                Sshd.HOST + ":" + repository,
                                                programs.directory().resolve("clone")))
                                .with("GIT_SSH_COMMAND", "ssh -F " + config))
                .expectExit(0);
    }

    @Test
    void whatThePolicyDoesNotAllowTheHostRefuses() throws Exception {
        Finished forwarded = ssh("-W", "127.0.0.1:" + sshd.port, Sshd.HOST);
        assertThat(forwarded.exit()).isNotZero();
        assertThat(forwarded.stderr()).contains("administratively prohibited");
        assertThat(ssh("-tt", Sshd.HOST, "true").stderr())
                .contains("PTY allocation request failed");
    }

    @Test
    void aPolicyWithoutLoginNamesGivesNoCertificate() throws Exception {
        Finished ended =
                programs.run(client(Command.access("ssh-gen", "--hostname", at(OTHER))))
                        .expectExit(DENIED);
        assertThat(ended.stderr())
                .contains("signs no certificate: the policy has no login name for " + EMAIL);
    }

    @Test
    void tokensThatAreNotForItGetNoCertificate() throws Exception {
        String good = token(Sshd.HOST);
        assertThat(signed(good)).contains("\"certificate\":\"ssh-ed25519-cert-v01@openssh.com ");
        assertThat(signed(token("wiki.it.localhost")))
                .contains("\"status\":403", "no application of kind ssh");
        String forged = good.substring(0, good.lastIndexOf('.') + 1) + "A".repeat(342);
        assertThat(signed(forged)).contains("\"status\":401", "\"code\":\"bad_token\"");
        assertThat(signed("")).contains("\"status\":400");
    }

    @Test
    void theTokenOfASessionThatHasEndedGetsNoCertificate() throws Exception {
        String token = token(Sshd.HOST);
        programs.run(client(Command.access("logout"))).expectExit(0);
        try {
            assertThat(signed(token)).contains("\"status\":401", "\"code\":\"bad_token\"");
        } finally {
            logInAgain();
        }
    }

    /// The block names the directory of the tokens.
    private static void logInAgain() throws Exception {
        Path before = tokens;
        logIn();
        try (var files = Files.list(tokens)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        before.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING,
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        tokens = before;
    }

    @Test
    void aRotationIsLearntBeforeItSignsAndInterruptsNobody() throws Exception {
        assertThat(edge.gateway("ssh", "rotate", "--authority", "user").output())
                .containsPattern("user +signing .*ssh-ed25519")
                .containsPattern("user +next .*ecdsa-sha2-nistp256");
        trust();
        assertThat(trusted).content().hasLineCount(4).contains("culvert-user-authority next");
        assertThat(ssh(Sshd.HOST, "echo in").output()).isEqualTo("in\n");

        edge.gateway("ssh", "activate", "--authority", "user").output();

        assertThat(ssh(Sshd.HOST, "echo in").output()).isEqualTo("in\n");
        assertThat(edge.gateway("ssh", "ca").output())
                .contains("culvert-user-authority retired", "culvert-user-authority signing");
        Finished again = edge.gateway("ssh", "activate").expectExit(2);
        assertThat(again.stderr()).contains("no next keys", "hint: make them: gateway ssh rotate");
    }

    @Test
    void signaturesAndRotationsAreInTheAuditLog() throws Exception {
        ssh(Sshd.HOST, "true").output();
        assertThat(edge.gateway("audit", "--kind", "ssh", "-o", "json").output())
                .contains("\"outcome\":\"signed\"", "\"principals\":\"ann," + User.NAME + "\"");
    }
}
