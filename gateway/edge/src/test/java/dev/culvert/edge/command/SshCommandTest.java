package dev.culvert.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What works without an edge; `SshCertificateIT` has the rest.
class SshCommandTest {
    @TempDir Path temp;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @CommandLine.Command(
            name = "gateway",
            subcommands = {TunnelCommand.class, SshCommand.class})
    static final class Gateway {}

    @BeforeEach
    void begin() {
        assertThat(run("tunnel create lan")).isZero();
    }

    private int run(String line) {
        return CommandErrors.on(new CommandLine(new Gateway()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute((line + " --state " + temp.resolve("state")).split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ssh ca",
                "ssh ca --known-hosts",
                "ssh rotate",
                "ssh activate",
                "ssh host-keys",
                "ssh forget-host a.example.com"
            })
    void sayThatNoEdgeRuns(String line) {
        assertThat(run(line)).isEqualTo(1);
        assertThat(err.toString())
                .contains("no edge runs on this state")
                .contains("gateway: hint: start it: gateway edge");
    }

    @Test
    void theKeyOfAHostHasToBeThere() {
        assertThat(run("ssh sign-host " + temp.resolve("key.pub") + " --hostname a.example.com"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("key.pub: cannot be read").contains("gateway: hint:");
    }

    @Test
    void aPrivateKeyIsNotRead() throws Exception {
        Path secret = Files.writeString(temp.resolve("key"), "-----BEGIN OPENSSH PRIVATE KEY-----");
        assertThat(run("ssh sign-host " + secret + " --hostname a.example.com")).isEqualTo(2);
        assertThat(err.toString()).contains("key.pub: cannot be read");
    }
}
