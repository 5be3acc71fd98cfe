package dev.culvert.gateway.e2e;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// People in Chromium, at the shipped edge with an application behind sign-in.
@Timeout(300)
final class SignInIT {
    private static final String APPLICATION = "wiki.localhost";

    @RegisterExtension static final Programs programs = new Programs();

    private static Edge edge;
    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        Path config =
                Scratch.write(
                        programs.directory().resolve("edge.yml"),
                        """
                        auth_host: auth.localhost
                        access:
                          applications:
                            - name: wiki
                              domains: [%s]
                              policies:
                                - {name: ann, decision: allow, include: [{email: ann@example.com}]}
                        """
                                .formatted(APPLICATION));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        browser = Browser.trusting(programs, edge.authority());
        String token = edge.createTunnel("lan");
        edge.publish(APPLICATION, "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - hostname: %s
                    service: hello_world
                  - service: http_status:404
                """
                        .formatted(APPLICATION));
    }

    @Test
    void theFirstAdminMakesAnAccountAndOpensAnApplicationInEachWay() throws Exception {
        String link =
                edge.program.await("https://auth\\.localhost:\\S+/welcome\\?token=\\S+").group();
        browser.run(
                "sign-in.mjs",
                Map.of(
                        "link",
                        link,
                        "auth",
                        "https://auth.localhost:" + edge.publicPort,
                        "application",
                        edge.url(APPLICATION, "/"),
                        "text",
                        "Hello from"));
    }
}
