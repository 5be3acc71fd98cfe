package dev.culvert.gateway.e2e;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/// An administrator in Chromium, at the shipped edge.
@Timeout(300)
final class AdminAreaIT {
    private static final String APPLICATION = "wiki.localhost";

    @RegisterExtension static final Programs programs = new Programs();

    @Test
    void anAdministratorSeesAndChangesWhoComesIn() throws Exception {
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
                                - {name: root, decision: allow, include: [{email: root@example.com}]}
                        """
                                .formatted(APPLICATION));
        Edge edge = Edge.start(programs, programs.freshDirectory("state"), "--config", config);
        Browser browser = Browser.trusting(programs, edge.authority());
        String token = edge.createTunnel("lan");
        edge.publish(APPLICATION, "lan");
        Connector.start(
                edge,
                token,
                """
                ingress:
                  - service: hello_world
                """);
        String link =
                edge.program.await("https://auth\\.localhost:\\S+/welcome\\?token=\\S+").group();
        browser.run(
                "admin-area.mjs",
                Map.of(
                        "link",
                        link,
                        "auth",
                        "https://auth.localhost:" + edge.publicPort,
                        "application",
                        edge.url(APPLICATION, "/"),
                        "denied",
                        "Denied: no policy of wiki lets them in"));
    }
}
