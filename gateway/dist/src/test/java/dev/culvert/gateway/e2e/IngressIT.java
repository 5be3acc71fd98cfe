package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Destinations that clients choose, through the shipped programs with OpenSSH and curl, and the
/// commands that look at rules.
@Timeout(120)
final class IngressIT {
    private static final int SOCKS_REFUSED = 97;
    private static final int DENIED = 4;

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Sshd sshd;
    private static Nginx nginx;

    @BeforeAll
    static void start() throws Exception {
        sshd = new Sshd(programs);
        nginx = new Nginx(programs);
        edge = Edge.start(programs, programs.freshDirectory("state"));
        String token = edge.createTunnel("lan");
        edge.publish("*.it.localhost", "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: jump.it.localhost
                    service: bastion
                    originRequest:
                      ipRules: [{prefix: 127.0.0.1/32, ports: [%1$d], allow: true}]
                  - hostname: closed.it.localhost
                    service: ssh://127.0.0.1:%1$d
                    originRequest: {bastionMode: true}
                  - hostname: socks.it.localhost
                    service: socks-proxy
                    originRequest:
                      ipRules: [{prefix: 127.0.0.0/8, ports: [%2$d], allow: true}]
                  - hostname: team.it.localhost
                    service: http://127.0.0.1:%2$d
                    originRequest:
                      access: {required: true, teamName: team, audTag: [aud]}
                  - service: http_status:404
                """
                        .formatted(sshd.port, nginx.port));
    }

    private static Finished jump(String host, String destination) throws Exception {
        return programs.run(
                edge.access("tcp", host).with("TUNNEL_SERVICE_DESTINATION", destination));
    }

    @Test
    void sshReachesAHostBehindABastion() throws Exception {
        Path config =
                sshd.clientConfig(
                        "bastion_config",
                        Shipped.ACCESS
                                + " ssh --hostname jump.it.localhost:"
                                + edge.publicPort
                                + " --destination 127.0.0.1:"
                                + sshd.port
                                + " --cacert "
                                + edge.authority(),
                        "");

        assertThat(programs.run(Command.of("ssh", "-F", config, Sshd.HOST, "echo there")).output())
                .isEqualTo("there\n");
    }

    @Test
    void aBastionRefusesWhatNoRuleNames() throws Exception {
        Finished other = jump("jump.it.localhost", "127.0.0.1:" + nginx.port);
        other.expectExit(DENIED);
        assertThat(other.stderr()).contains("[origin_denied]").contains("access: hint:");

        jump("closed.it.localhost", "127.0.0.1:" + sshd.port).expectExit(DENIED);
        Finished none = programs.run(edge.access("tcp", "jump.it.localhost"));
        none.expectExit(1);
        assertThat(none.stderr()).contains("[origin_destination]").contains("--destination");
    }

    @Test
    void curlGoesThroughSocksAsFarAsTheRulesPermit() throws Exception {
        Program access =
                programs.start(edge.access("tcp", "socks.it.localhost", "--url", "127.0.0.1:0"));
        String proxy = "127.0.0.1:" + access.await("listening on 127.0.0.1:(\\d+)").group(1);
        Command curl = Command.of("curl", "-sS", "--max-time", "20");

        for (String kind : new String[] {"--socks5", "--socks5-hostname"}) {
            assertThat(
                            programs.run(
                                            curl.and(
                                                    kind,
                                                    proxy,
                                                    "http://127.0.0.1:" + nginx.port + "/"))
                                    .output())
                    .isEqualTo("nginx is here\n");
        }
        Finished refused =
                programs.run(curl.and("--socks5", proxy, "http://127.0.0.1:" + sshd.port + "/"));
        refused.expectExit(SOCKS_REFUSED);
        assertThat(refused.stderr()).contains("(2)");
        programs.run(curl.and("--socks5-hostname", proxy, "http://169.254.169.254/"))
                .expectExit(SOCKS_REFUSED);
    }

    /// The edge lets no client bring an assertion of its own.
    @Test
    void nobodyComesInWithoutAnAssertion() throws Exception {
        Finished page =
                programs.run(
                        edge.curl(
                                "-w",
                                "%{http_code}",
                                "-H",
                                "Cf-Access-Jwt-Assertion: eyJhbGciOiJub25lIn0.e30.",
                                edge.url("team.it.localhost", "/")));
        assertThat(page.output()).contains("origin_denied").endsWith("403");
    }

    @Test
    void rulesAreValidatedAndTriedAsCloudflaredDoes() throws Exception {
        Path config =
                Scratch.write(
                        programs.directory().resolve("rules.yml"),
                        """
                        ingress:
                          - hostname: app.example.com
                            path: ^/api
                            service: http://localhost:8080
                          - service: http_status:404
                        """);
        assertThat(ingress("validate", "--config", config).output())
                .isEqualTo("Validating rules from " + config + "\nOK\n");
        assertThat(ingress("rule", "--config", config, "https://App.example.com/api/x").output())
                .isEqualTo(
                        "Using rules from "
                                + config
                                + "\nMatched rule #0\n\thostname: app.example.com\n\tpath: ^/api\n"
                                + "\tservice: http://localhost:8080\n");

        Finished wrong =
                ingress("validate", "--json", "{ingress: [{hostname: a.b, service: 'x'}]}");
        wrong.expectExit(1);
        assertThat(wrong.stdout()).isEqualTo("Validating rules from cmdline flag --json\n");
        assertThat(wrong.stderr())
                .startsWith("Validation failed: 2 problems\ngateway: error: --json:1:")
                .contains("the last rule must match everything")
                .contains("unknown scheme");
        ingress("validate", "--config", config, "--url", "http://a").expectExit(1);
        ingress("rule", "--config", config, "app.example.com").expectExit(2);
        ingress("validate").expectExit(2);
    }

    private static Finished ingress(Object... arguments) throws Exception {
        return programs.run(Command.gateway("connector", "ingress").and(arguments));
    }
}
