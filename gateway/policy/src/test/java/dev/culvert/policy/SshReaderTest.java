package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SshReaderTest {
    private static Application read(String application, String policy) throws Exception {
        return AccessRulesReader.parse(
                        "rules",
                        """
                        applications:
                          - name: build
                            domains: [ssh.example.com]
                        %s
                            policies:
                              - name: staff
                                decision: allow
                                include: [{email_domain: example.com}]
                        %s
                        """
                                .formatted(application.indent(4), policy.indent(8)))
                .applications()
                .getFirst();
    }

    @Test
    void everyKeyIsRead() throws Exception {
        Application read =
                read(
                        """
                        kind: ssh
                        browser: true
                        ssh:
                          gateway: passthrough
                          recording: off
                          certificate_life: 2m
                          host_keys: ["SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]
                          host_authorities: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9 comment]
                        """,
                        """
                        ssh:
                          principals: ["{user}", deploy, "ci-{user}"]
                          allow: [shell, local_forward]
                          record_input: true
                        """);

        assertThat(read.browser()).isTrue();
        assertThat(read.ssh().gateway()).isEqualTo(SshSettings.Passage.PASSTHROUGH);
        assertThat(read.ssh().recording()).isEqualTo(SshSettings.Recording.OFF);
        assertThat(read.ssh().certificateLife()).isEqualTo(Duration.ofMinutes(2));
        assertThat(read.ssh().hostKeys()).hasSize(1);
        assertThat(read.ssh().hostAuthorities()).hasSize(1);
        assertThat(read.policies().getFirst().ssh())
                .isEqualTo(
                        new SshRights(
                                List.of("{user}", "deploy", "ci-{user}"),
                                Set.of(SshRights.Use.SHELL, SshRights.Use.LOCAL_FORWARD),
                                true));
    }

    @Test
    void nothingDangerousIsAllowedUnlessItIsWritten() throws Exception {
        Application read = read("kind: ssh", "");

        assertThat(read.browser()).isFalse();
        assertThat(read.ssh()).isEqualTo(SshSettings.DEFAULT);
        assertThat(read.policies().getFirst().ssh().allowed())
                .doesNotContain(
                        SshRights.Use.AGENT,
                        SshRights.Use.X11,
                        SshRights.Use.LOCAL_FORWARD,
                        SshRights.Use.REMOTE_FORWARD);
        assertThat(read.policies().getFirst().ssh().principals()).containsExactly("{user}");
    }

    @Test
    void whatCannotBeIsSaid() {
        assertThatThrownBy(() ->
                        read(
                                """
                                kind: ssh
                                ssh: {gateway: passthrough, recording: required, host_keys: [md5], colour: red}
                                """,
                                "ssh: {principals: [\"a b\"], allow: [shel]}"))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("passthrough cannot be recorded")
                .hasMessageContaining("\"md5\" (expected: such as ssh-ed25519")
                .hasMessageContaining("colour")
                .hasMessageContaining("\"a b\" (expected: login names")
                .hasMessageContaining("did you mean shell?");
        assertThatThrownBy(() -> read("browser: true\nssh: {recording: off}", "ssh: {}"))
                .hasMessageContaining("browser: true is for applications of kind ssh")
                .hasMessageContaining("ssh: is for applications of kind ssh");
    }
}
