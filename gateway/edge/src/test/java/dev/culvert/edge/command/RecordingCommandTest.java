package dev.culvert.edge.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.recordings.RecordingsConfig;
import dev.culvert.edge.recordings.Somebody;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.recording.About;
import dev.culvert.recording.RecordingId;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `gateway recording …` after an edge has made recordings and stopped.
final class RecordingCommandTest {
    @TempDir private Path temp;
    private Path cast;
    private String id;
    private List<AuditEvent> events;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();

    @CommandLine.Command(name = "gateway", subcommands = RecordingCommand.class)
    static final class Gateway {}

    @BeforeEach
    void record() throws Exception {
        RecordingsConfig config = new RecordingsConfig(temp.resolve("tapes"), Duration.ofDays(1));
        InstantSource clock = InstantSource.system();
        try (StateDirectory directory = StateDirectory.open(temp.resolve("state"));
                State state = State.open(directory, null);
                AuditLog audit = new AuditLog(state.database(), directory.path(), clock).start();
                EdgeRecordings recordings =
                        EdgeRecordings.open(config, state, directory.path(), audit, clock)) {
            for (String who : List.of("bob@example.com", "ann@example.com")) {
                Recorder recorder =
                        recordings.begin(
                                Somebody.shell(who, "build.example.com"), Recorder.Mode.REQUIRED);
                byte[] text = "hello\r\n".getBytes(StandardCharsets.UTF_8);
                recorder.output(text, 0, text.length);
                recorder.close();
                id = recorder.id();
                cast = recordings.archive().file(about(recordings));
            }
            recordings.close();
            audit.recorded(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked").build()).join();
            events = audit.find(AuditQuery.after(0, 100));
        }
    }

    private About about(EdgeRecordings recordings) throws Exception {
        return recordings.archive().get(new RecordingId(id)).orElseThrow().about();
    }

    private int run(String... words) {
        out = new StringWriter();
        err = new StringWriter();
        return CommandErrors.on(new CommandLine(new Gateway()))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(words);
    }

    private int ask(String... words) {
        String[] line = java.util.Arrays.copyOf(words, words.length + 4);
        line[words.length] = "--state";
        line[words.length + 1] = temp.resolve("state").toString();
        line[words.length + 2] = "-o";
        line[words.length + 3] = "json";
        return run(line);
    }

    private JsonNode json() {
        return new JsonMapper().readTree(out.toString());
    }

    @Test
    void listsWhatThereIsAndWhere() {
        assertThat(ask("recording", "list")).as(err.toString()).isZero();
        assertThat(json()).hasSize(2);
        assertThat(ask("recording", "list", "--who", "ann", "--host", "BUILD")).isZero();
        assertThat(json()).hasSize(1);
        assertThat(json().path(0).path("id").asString()).isEqualTo(id);
        assertThat(json().path(0).path("state").asString()).isEqualTo("complete");
        assertThat(json().path(0).path("file").asString()).isEqualTo(cast.toString());
        assertThat(ask("recording", "list", "--who", "nobody")).isZero();
        assertThat(json()).isEmpty();
    }

    @Test
    void theKeyIsTheOneTheyWereSignedWith() {
        assertThat(ask("recording", "key")).isZero();
        String key = json().path("key").asString();
        String fingerprint = json().path("fingerprint").asString();

        for (String name : List.of(key, fingerprint)) {
            assertThat(run("recording", "verify", cast.toString(), "--key", name)).isZero();
            assertThat(out.toString()).startsWith("complete: 2 records, ");
            assertThat(out.toString())
                    .contains("ann@example.com, ann@build.example.com, ")
                    .contains("; signed by " + fingerprint);
            assertThat(err.toString()).isEmpty();
        }
    }

    @Test
    void whoNamesNoKeyIsWarned() {
        assertThat(run("recording", "verify", cast + ".sig")).isZero();
        assertThat(out.toString()).startsWith("complete");
        assertThat(err.toString()).startsWith("gateway: warning: ").contains("--key");
    }

    @Test
    void anotherKeyIsAnotherKey() {
        String other = "SHA256:" + "A".repeat(43);
        assertThat(run("recording", "verify", cast.toString(), "--key", other)).isEqualTo(13);
        assertThat(out.toString()).startsWith("signed by another key: SHA256:");
        assertThat(run("recording", "verify", cast.toString(), "--key", "mine")).isEqualTo(2);
        assertThat(err.toString()).contains("\"mine\" (expected: a public key in base64");
    }

    @Test
    void eachVerdictHasItsExitCode() throws Exception {
        byte[] good = Files.readAllBytes(cast);
        Path sidecar = Path.of(cast + ".sig");
        List<String> marks = Files.readAllLines(sidecar);

        byte[] bad = good.clone();
        bad[good.length - 5] ^= 1;
        Files.write(cast, bad);
        assertThat(run("recording", "verify", cast.toString())).isEqualTo(12);
        assertThat(out.toString()).startsWith("altered at record 2\n");

        Files.write(cast, java.util.Arrays.copyOf(good, good.length - 1));
        assertThat(run("recording", "verify", cast.toString())).isEqualTo(11);
        assertThat(out.toString()).startsWith("cut after a checkpoint: ");

        Files.write(cast, good);
        Files.write(
                sidecar, String.join("\n", marks.subList(0, 2)).getBytes(StandardCharsets.UTF_8));
        assertThat(run("recording", "verify", cast.toString())).isEqualTo(10);
        assertThat(out.toString()).startsWith("torn tail: ");

        Files.delete(sidecar);
        assertThat(run("recording", "verify", cast.toString())).isEqualTo(1);
        assertThat(err.toString()).contains(sidecar.toString(), "hint: a recording is two files");
    }

    @Test
    void ofSeveralTheExitCodeIsTheHighest() throws Exception {
        Path bad = cast.resolveSibling("bad.cast");
        byte[] bytes = Files.readAllBytes(cast);
        bytes[bytes.length - 5] ^= 1;
        Files.write(bad, bytes);
        Files.copy(Path.of(cast + ".sig"), Path.of(bad + ".sig"));

        assertThat(run("recording", "verify", bad.toString(), cast.toString())).isEqualTo(12);
        assertThat(out.toString())
                .startsWith(bad + ": altered at record 2\n")
                .contains("\n" + cast + ": complete: 2 records, ");
        assertThat(run("recording", "verify", cast.toString(), cast.toString())).isZero();
        assertThat(run("recording", "verify")).isEqualTo(2);
    }

    @Test
    void endingNeedsASessionThatRuns() {
        assertThat(ask("recording", "end", id)).isEqualTo(1);
        assertThat(err.toString()).contains("no session that runs has the recording \"" + id);
    }

    @Test
    void theAuditLogKnowsHowLongEachWas() throws Exception {
        List<String> lines = Files.readAllLines(Path.of(cast + ".sig"));
        String chain = new JsonMapper().readTree(lines.getLast()).path("chain").asString();

        assertThat(events)
                .filteredOn(event -> event.outcome().equals("recorded"))
                .hasSize(2)
                .anySatisfy(event -> {
                    assertThat(event.actor()).isEqualTo("ann@example.com");
                    assertThat(event.detail()).contains(id, "\"records\":2", chain);
                });
    }
}
