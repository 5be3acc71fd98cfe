package dev.culvert.gateway.soak;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The scenarios of `bin/soak` at a hundredth of their size.
final class SoakIT {
    private static final double SCALE = 0.01;

    @TempDir private static Path directory;

    private static Origins origins;
    private static Site site;
    private static Scenarios scenarios;
    private static Faults faults;

    @BeforeAll
    static void create() throws Exception {
        origins = new Origins();
        site = Site.create(Path.of("target/culvert/bin").toAbsolutePath(), directory);
        scenarios = new Scenarios(site, origins, SCALE);
        faults = new Faults(scenarios, origins);
    }

    @AfterAll
    static void close() throws Exception {
        origins.close();
    }

    private static void isFine(Row row) {
        System.out.println(Row.HEAD);
        System.out.println(row);
        assertThat(row.problem()).isNull();
    }

    /// As `bin/soak` starts them.
    @Test
    void theSourcesNeedTheJdkAlone() throws Exception {
        Path sources = Path.of("src/test/java/dev/culvert/gateway/soak");
        Path classes = Files.createDirectory(directory.resolve("classes"));
        List<String> arguments =
                new ArrayList<>(List.of("-d", classes.toString(), "-cp", classes.toString()));
        try (var files = Files.list(sources)) {
            files.filter(file -> !file.endsWith("SoakIT.java"))
                    .forEach(file -> arguments.add(file.toString()));
        }

        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, arguments.toArray(String[]::new));

        assertThat(status).isZero();
    }

    @Test
    void concurrentStreamsOfOneAccessCarryTheRightBytes() throws Exception {
        isFine(scenarios.concurrentStreams());
    }

    @Test
    void streamsInSequenceLeaveNothingBehind() throws Exception {
        isFine(scenarios.manyStreams());
    }

    @Test
    void bulkTransfersNeedLittleMemory() throws Exception {
        isFine(scenarios.bulk());
    }

    @Test
    void stoppedReadersDoNotStopOthersOfTheSameConnection() throws Exception {
        isFine(faults.stoppedReaders());
    }

    @Test
    void requestsFlowAgainAfterEachProgramWasKilled() throws Exception {
        isFine(faults.killed());
    }

    @Test
    void streamsOfARevokedTokenAreClosedWithTheReason() throws Exception {
        isFine(new Revoked(site, scenarios).run());
    }

    @Test
    void recordingsOfAnEdgeThatIsKilledReachToTheLastSecond() throws Exception {
        isFine(new Recorded(site, scenarios).run());
    }

    @Test
    void mixedTrafficSurvivesKillsAndLeavesNothingBehind() throws Exception {
        isFine(new Mixed(scenarios).run());
    }

    @Test
    void stoppedDownloadsBeyondTheMemoryOfTheEdgeDoNotHarmIt() throws Exception {
        isFine(faults.slowClients(100, 32));
    }
}
