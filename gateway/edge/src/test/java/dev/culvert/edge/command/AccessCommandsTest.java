package dev.culvert.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.AdminEndpointFile;
import dev.culvert.edge.admin.LoopbackServer;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.policy.Identity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AccessCommandsTest {
    private static final String RULES =
            """
            applications:
              - name: wiki
                domains: [wiki.example.com]
                policies:
                  - {name: ci, decision: service_auth, include: [{service_token: ci}]}
                  - {name: staff, decision: allow, include: [{email_domain: example.com}]}
            """;

    @TempDir Path temp;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @CommandLine.Command(
            name = "gateway",
            subcommands = {
                TunnelCommand.class,
                PolicyCommand.class,
                UserCommand.class,
                ServiceTokenCommand.class,
                SessionCommand.class,
                AuditCommand.class
            })
    static final class Gateway {}

    private int run(Writer to, String... words) {
        err = new StringWriter();
        String[] line = Arrays.copyOf(words, words.length + 2);
        line[words.length] = "--state";
        line[words.length + 1] = temp.resolve("state").toString();
        return CommandErrors.on(new CommandLine(new Gateway()))
                .setOut(new PrintWriter(to))
                .setErr(new PrintWriter(err))
                .execute(line);
    }

    private int run(String... words) {
        out = new StringWriter();
        return run(out, words);
    }

    private JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    private String file(String text) throws IOException {
        return Files.writeString(temp.resolve("rules.yml"), text).toString();
    }

    @Test
    void rulesAreAppliedShownAndExplained() throws Exception {
        assertThat(run("policy", "apply", file(RULES))).as(err.toString()).isZero();
        assertThat(out.toString()).isEqualTo("Rules applied, version 1.\n");
        assertThat(run("policy", "show")).isZero();
        assertThat(out.toString())
                .contains("Version 1, applied by cli at ")
                .contains("No edge runs.")
                .containsPattern("wiki +wiki\\.example\\.com +service_auth ci, allow staff");
        assertThat(run("policy", "show", "--document")).isZero();
        assertThat(out.toString()).isEqualTo(RULES);
        assertThat(run("policy", "explain", "ann@example.com", "wiki.example.com")).isZero();
        assertThat(out.toString())
                .contains("wiki: allow, by policy \"staff\"")
                .contains("assumed: ann@example.com signs in");
        assertThat(
                        run(
                                "policy",
                                "explain",
                                "ann@example.com",
                                "wiki.example.com",
                                "/a",
                                "-o",
                                "json"))
                .isZero();
        assertThat(json().path("decision").asString()).isEqualTo("allow");
        assertThat(run("policy", "explain", "nobody", "wiki.example.com")).isEqualTo(1);
        assertThat(err.toString()).contains("gateway: hint: see which there are");
    }

    @Test
    void wrongRulesAreRefusedWithAllThatIsWrong() throws Exception {
        assertThat(run("policy", "apply", file("groups: [{name: a}]\ncolour: 1\n"))).isEqualTo(2);
        assertThat(err.toString()).contains("include").contains("colour").contains("hint:");
        assertThat(run("policy", "apply", temp.resolve("none.yml").toString())).isEqualTo(1);
        assertThat(run("policy", "show")).isZero();
        assertThat(out.toString()).contains("No rules were applied");
    }

    @Test
    void planShowsWhatWouldChange() throws Exception {
        run("policy", "apply", file(RULES));
        assertThat(run("policy", "plan", file(RULES.replace("staff", "people")))).isZero();
        assertThat(out.toString()).startsWith("0 asked: 0 lose, 0 gain");
        assertThat(run("policy", "plan", file(RULES), "--back", "soon")).isEqualTo(2);
        assertThat(err.toString()).contains("is not a duration");
    }

    @Test
    void serviceTokensAreShownOnceReadyToUse() {
        assertThat(run("service-token", "create", "ci", "--expires", "720h")).isZero();
        assertThat(out.toString())
                .containsPattern("  CF-Access-Client-Id: [0-9a-f]{32}\\.access\n")
                .containsPattern("  CF-Access-Client-Secret: \\S{43}\n")
                .contains("  curl -H 'CF-Access-Client-Id: ");
        assertThat(run("service-token", "create", "ci")).isEqualTo(1);
        assertThat(run("service-token", "rotate", "ci", "--overlap", "0s", "-o", "json")).isZero();
        String secret = json().path("secret").asString();
        assertThat(run("service-token", "list")).isZero();
        assertThat(out.toString()).contains("ci").doesNotContain(secret);
        assertThat(run("service-token", "revoke", "ci")).isZero();
        assertThat(run("service-token", "revoke", "ci")).isEqualTo(1);
    }

    @Test
    void usersAreInvitedByALinkThatIsPrinted() {
        assertThat(run("user", "invite", "boss@example.com", "--admin")).isZero();
        assertThat(out.toString())
                .contains("  https://AUTH_HOST/cdn-cgi/access/")
                .contains("put the auth_host");
        assertThat(run("user", "list")).isZero();
        assertThat(out.toString()).containsPattern("boss@example.com +boss +admin +invited");
        assertThat(run("user", "disable", "boss@example.com")).isEqualTo(1);
        assertThat(err.toString()).contains("is the last admin");
        run("user", "invite", "ann@example.com", "--name", "Ann");
        assertThat(run("user", "disable", "ann@example.com")).isZero();
        assertThat(run("user", "enable", "ann@example.com")).isZero();
        assertThat(run("user", "admin", "ann@example.com")).isZero();
        assertThat(run("user", "delete", "boss@example.com")).isZero();
        assertThat(run("user", "list", "-o", "json")).isZero();
        assertThat(json()).hasSize(1);
    }

    private Session signIn(AccessParts access, String email) throws Exception {
        return access.sessions()
                .begin(
                        Session.Kind.CLI,
                        new Identity("id", email, "", "local", List.of(), List.of(), Map.of()),
                        "192.0.2.7",
                        "test",
                        Duration.ofHours(1))
                .session();
    }

    @Test
    void sessionsOfARunningEdgeAreEnded() throws Exception {
        try (StateDirectory directory = StateDirectory.open(temp.resolve("state"));
                State state = State.open(directory, null)) {
            AccessParts access = AccessParts.open(state, directory.path());
            try (LoopbackServer server = new LoopbackServer(state, access);
                    AdminEndpointFile file =
                            AdminEndpointFile.write(directory, server.endpoint())) {
                assertThat(file).isNotNull();
                Session one = signIn(access, "ann@example.com");
                signIn(access, "eve@example.org");
                assertThat(run("session", "list")).isZero();
                assertThat(out.toString().lines()).hasSize(3);
                assertThat(run("session", "list", "--of", "eve@example.org")).isZero();
                assertThat(out.toString().lines()).hasSize(2);
                assertThat(run("session", "end", one.id().toString())).isZero();
                assertThat(access.sessions().byId(one.id())).isNull();
                assertThat(run("session", "end", "--all-of", "eve@example.org")).isZero();
                assertThat(out.toString()).isEqualTo("1 session ended.\n");
                assertThat(run("session", "end")).isEqualTo(2);
                assertThat(run("audit", "--kind", "admin")).isZero();
                assertThat(out.toString()).contains("session_end").contains("sessions_end");
            } finally {
                access.audit().close();
            }
        }
    }

    @Test
    void auditIsFollowedExportedAndFiltered() throws Exception {
        run("service-token", "create", "ci");
        assertThat(run("audit", "--follow")).isEqualTo(1);
        assertThat(err.toString()).contains("no edge runs");
        assertThat(run("audit", "--export", "csv")).isZero();
        assertThat(out.toString()).startsWith("id,at,kind,").contains(",service_token_create,");
        assertThat(run("audit", "--export", "json", "--kind", "decision")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run("audit", "--kind", "colour")).isEqualTo(2);
    }
}
