package dev.culvert.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.DesktopSettings.Direction;
import dev.culvert.plugin.edge.DesktopSettings.Engine;
import dev.culvert.plugin.edge.SshSettings.Recording;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DesktopReaderTest {
    private static Application read(String application) throws Exception {
        return AccessRulesReader.parse(
                        "rules",
                        """
                        applications:
                          - name: office
                            domains: [office.example.com]
                        %s
                            policies: [{name: staff, decision: allow, include: [{email_domain: example.com}]}]
                        """
                                .formatted(application.indent(4).stripTrailing()))
                .applications()
                .getFirst();
    }

    @Test
    void nothingIsOpenUnlessItIsWritten() throws Exception {
        Application read = read("kind: rdp\nbrowser: true");

        assertThat(read.desktop()).isEqualTo(DesktopSettings.DEFAULT);
        assertThat(read.isOnlyInBrowser()).isTrue();
        assertThat(read.desktop().files()).isEqualTo(Direction.NONE);
        assertThat(read("kind: rdp").isOnlyInBrowser()).isFalse();
        assertThat(read("kind: vnc\nbrowser: true\ndesktop: {programs: true}").isOnlyInBrowser())
                .isFalse();
        assertThat(
                        read("kind: rdp\nbrowser: true\ndesktop: {recording: required}")
                                .isOnlyRecorded())
                .isTrue();
    }

    @Test
    void everyKeyIsRead() throws Exception {
        String pin = "SHA256:" + "ab".repeat(32);
        Application read =
                read(
                        """
                        kind: rdp
                        browser: true
                        desktop:
                          engine: guacd
                          read_only: true
                          clipboard: out
                          files: in
                          audio: false
                          recording: best_effort
                          record_keys: true
                          host_certificates: [%s]
                          security: nla
                          keyboard: de-de-qwertz
                          connect_timeout: 1m
                          idle_timeout: 0s
                          sessions_per_user: 2
                        """
                                .formatted(pin));

        assertThat(read.desktop())
                .isEqualTo(
                        new DesktopSettings(
                                Engine.GUACD,
                                false,
                                true,
                                Direction.OUT,
                                Direction.IN,
                                false,
                                Recording.BEST_EFFORT,
                                true,
                                new DesktopSettings.HostTrust(List.of(pin), List.of(), null),
                                DesktopSettings.Security.NLA,
                                "de-de-qwertz",
                                Duration.ofMinutes(1),
                                Duration.ZERO,
                                2));
    }

    @Test
    void whatCannotBeIsSaid() {
        assertThatThrownBy(() ->
                        read(
                                """
                                kind: rdp
                                browser: true
                                desktop:
                                  engine: built_in
                                  clipboard: in
                                  programs: true
                                  recording: required
                                  keyboard: ../etc
                                  host_certificates: [md5]
                                  host_authorities: [x]
                                  idle_timout: 5m
                                """))
                .isInstanceOf(InvalidConfigException.class)
                .hasMessageContaining("built_in: sessions are to be recorded")
                .hasMessageContaining("what client programs do is not recorded")
                .hasMessageContaining("\"../etc\" (expected: such as de-de-qwertz")
                .hasMessageContaining("\"md5\" (expected: SHA256:")
                .hasMessageContaining("\"x\" (expected: a certificate in PEM)")
                .hasMessageContaining("idle_timout: unknown key (did you mean");
        assertThatThrownBy(() -> read("kind: vnc\nbrowser: true\ndesktop: {engine: built_in}"))
                .hasMessageContaining("built_in speaks RDP only");
        assertThatThrownBy(() ->
                        read(
                                "kind: rdp\nbrowser: true\ndesktop: {engine: built_in, clipboard: out}"))
                .hasMessageContaining("the clipboard is open one way");
        assertThatThrownBy(() ->
                        read(
                                "kind: telnet\nbrowser: true\ndesktop: {files: in, record_keys: true}"))
                .hasMessageContaining("telnet has none")
                .hasMessageContaining("recording is off");
        assertThatThrownBy(() -> read("kind: rdp\ndesktop: {read_only: true}"))
                .hasMessageContaining("with browser: true");
    }

    @Test
    void theDocumentationsExampleIsRead() throws Exception {
        String page = Files.readString(Path.of("../../docs/desktops.md"));
        int begin = page.indexOf("```yaml\napplications:") + "```yaml\n".length();
        String yaml =
                page.substring(begin, page.indexOf("```", begin))
                        .replace("SHA256:…", "SHA256:" + "0".repeat(64))
                        .replaceAll("(?m)^.*(host_authorities|host_name).*\\R", "")
                        .replace(
                                "policies: …",
                                "policies: [{name: staff, decision: allow, include: [{email_domain: example.com}]}]");
        AccessRules rules = AccessRulesReader.parse("doc", yaml);

        assertThat(rules.applications().getFirst().desktop().sessionsPerUser()).isEqualTo(5);
    }
}
