package dev.culvert.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/// What works without an edge; `DesktopIT` has the rest.
class DesktopCommandTest {
    @TempDir Path temp;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @CommandLine.Command(
            name = "gateway",
            subcommands = {TunnelCommand.class, DesktopCommand.class})
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
                "desktop certificates",
                "desktop certificates --forget a.example.com",
                "desktop login list",
                "desktop login remove office"
            })
    void sayThatNoEdgeRuns(String line) {
        assertThat(run(line)).isEqualTo(1);
        assertThat(err.toString())
                .contains("no edge runs on this state")
                .contains("gateway: hint: start it: gateway edge");
    }

    @Test
    void noneIsOpenWithoutAnEdge() {
        assertThat(run("desktop list")).isZero();
        assertThat(out.toString()).doesNotContain("guacd");
        assertThat(run("desktop end d1")).isEqualTo(1);
        assertThat(err.toString())
                .contains("no desktop that runs is called \"d1\"")
                .contains("gateway desktop list");
    }
}
