package dev.culvert.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `bench/run` as people start it, as small as it goes. No figure is asserted to be good.
final class BenchIT {
    @TempDir private Path directory;

    private record Run(int exit, String said) {}

    private Run run(String... arguments) throws Exception {
        Path log = directory.resolve("log");
        List<String> command = new ArrayList<>(List.of(Path.of("run").toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        // Runs what Maven has just built.
        builder.environment().put("CULVERT_BUILD_LOCK_HELD", "yes");
        builder.environment().put("CULVERT_JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        process.getOutputStream().close();
        try {
            assertThat(process.waitFor(300, TimeUnit.SECONDS))
                    .as("ended; it said: %s", Files.readString(log))
                    .isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Run(process.exitValue(), Files.readString(log));
    }

    @Test
    void measuresInPairsAndWritesJsonTableAndCharts() throws Exception {
        Path out = directory.resolve("results");
        Run run =
                run(
                        "--only",
                        "bulk-down,websocket",
                        "--systems",
                        "culvert-http2",
                        "--quick",
                        "--pairs",
                        "1",
                        "--seconds",
                        "0.2",
                        "--scale",
                        "0.01",
                        "--out",
                        out.toString());

        assertThat(run.exit()).as(run.said()).isZero();
        JsonNode json = JsonMapper.shared().readTree(Files.readString(out.resolve("results.json")));
        assertThat(json.get("facts").get("processors").asInt()).isPositive();
        assertThat(json.get("cases").valueStream().map(each -> each.get("name").asString()))
                .containsExactly("bulk-down", "websocket");
        for (JsonNode each : json.get("cases")) {
            assertThat(each.get("failed").isEmpty()).as(each.toString()).isTrue();
            // One pair: the system, and direct beside it.
            assertThat(each.get("measurements").valueStream().map(m -> m.get("system").asString()))
                    .containsExactlyInAnyOrder("direct", "culvert-http2");
            for (JsonNode measurement : each.get("measurements")) {
                assertThat(measurement.get("values").get("rate").asDouble()).isPositive();
                assertThat(measurement.get("generatorSeconds").asDouble()).isNotNegative();
                assertThat(measurement.get("programs").get("origin").get("peakBytes").asLong())
                        .isPositive();
            }
        }
        assertThat(Files.readString(out.resolve("results.md")))
                .contains("| culvert-http2 |", "no ratio: 1 pair", "![Bulk](bulk.svg)");
        for (String chart : List.of("bulk.svg", "messages.svg")) {
            assertThat(
                            DocumentBuilderFactory.newInstance()
                                    .newDocumentBuilder()
                                    .parse(out.resolve(chart).toFile())
                                    .getElementsByTagName("rect")
                                    .getLength())
                    .isGreaterThan(2);
        }
        assertThat(run.said()).contains("bench: results in " + out);
    }

    @Test
    void sshRunsThroughTheEdgesOwnServer() throws Exception {
        Path out = directory.resolve("ssh");
        Run run =
                run(
                        "--only",
                        "ssh",
                        "--systems",
                        "culvert-http2",
                        "--quick",
                        "--pairs",
                        "1",
                        "--seconds",
                        "0.4",
                        "--scale",
                        "0.01",
                        "--out",
                        out.toString());

        assertThat(run.exit()).as(run.said()).isZero();
        JsonNode json = JsonMapper.shared().readTree(Files.readString(out.resolve("results.json")));
        JsonNode keystroke = json.get("cases").get(0);
        assertThat(keystroke.get("name").asString()).isEqualTo("ssh-keystroke");
        assertThat(keystroke.get("notAvailable").isEmpty()).as(keystroke.toString()).isTrue();
        for (JsonNode measurement : keystroke.get("measurements")) {
            assertThat(measurement.get("values").get("scp-p99").asDouble()).isPositive();
        }
        JsonNode sessions = json.get("cases").get(1);
        assertThat(sessions.get("name").asString()).isEqualTo("ssh-sessions");
        assertThat(sessions.get("measurements").size()).isOne();
        assertThat(sessions.get("measurements").get(0).get("values").get("sessions").asInt())
                .isEqualTo(4);
    }
}
