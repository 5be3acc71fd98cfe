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
    private static final String OTHERS = "books.localhost";

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
                            - name: books
                              domains: [%s]
                              contact: ask-carl@example.com
                              policies:
                                - {name: carl, decision: allow, include: [{email: carl@example.com}]}
                        """
                                .formatted(APPLICATION, OTHERS));
        edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        browser = Browser.trusting(programs, edge.authority());
        String token = edge.createTunnel("lan");
        edge.publish(APPLICATION, "lan");
        edge.publish(OTHERS, "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - service: hello_world
                """);
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
                        "others",
                        edge.url(OTHERS, "/"),
                        "text",
                        "Hello from"));
    }

    @Test
    void aBrowserThatDoesNotTrustTheAuthorityOpensNothing() throws Exception {
        Browser.trustingNone(programs)
                .run("distrust.mjs", Map.of("url", edge.url("auth.localhost", "/")));
    }
}
