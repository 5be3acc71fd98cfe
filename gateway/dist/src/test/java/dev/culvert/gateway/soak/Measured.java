package dev.culvert.gateway.soak;

import java.io.IOException;
import java.util.concurrent.Callable;

/// What a scenario costs: measured from its construction to [#row]. Confined to one thread.
final class Measured {
    /// What waits for a peer that was killed goes when its connection does: within 60 s over QUIC.
    private static final long SETTLE_NANOS = 70_000_000_000L;

    private final String scenario;
    private final Stage stage;
    private final boolean withAccess;
    private final long edgeBefore;
    private final long connectorBefore;
    private final long accessBefore;
    private final long startNanos = System.nanoTime();
    private double seconds = -1;

    Measured(String scenario, Stage stage, boolean withAccess) throws IOException {
        this.scenario = scenario;
        this.stage = stage;
        this.withAccess = withAccess;
        edgeBefore = stage.edge().descriptors();
        connectorBefore = stage.connector().descriptors();
        accessBefore = withAccess ? stage.accessProgram().descriptors() : 0;
    }

    /// The load is over; what follows is checking.
    void loaded() {
        seconds = (System.nanoTime() - startNanos) / 1e9;
    }

    static boolean settles(Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + SETTLE_NANOS;
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            Thread.sleep(50);
        }
        return true;
    }

    /// @param spare descriptors a program may have more than before: idle connections to origins
    Row row(String detail, int spare) throws Exception {
        if (seconds < 0) {
            loaded();
        }
        boolean flat =
                settles(() ->
                        stage.edge().descriptors() <= edgeBefore + 4
                                && stage.connector().descriptors() <= connectorBefore + spare
                                && (!withAccess
                                        || stage.accessProgram().descriptors()
                                                <= accessBefore + 4));
        boolean empty =
                settles(() ->
                        stage.edgeMetric("culvert_streams") == 0
                                && stage.connectorMetric("culvert_connector_streams") == 0
                                && stage.edgeMetric("culvert_memory_held") == 0
                                && stage.connectorMetric("culvert_memory_held") == 0);
        String left =
                empty
                        ? ""
                        : "left behind: streams %.0f/%.0f, bytes held %.0f/%.0f; "
                                .formatted(
                                        stage.edgeMetric("culvert_streams"),
                                        stage.connectorMetric("culvert_connector_streams"),
                                        stage.edgeMetric("culvert_memory_held"),
                                        stage.connectorMetric("culvert_memory_held"));
        String descriptors =
                "%d/%d/%d -> %d/%d/%d"
                        .formatted(
                                edgeBefore,
                                connectorBefore,
                                accessBefore,
                                stage.edge().descriptors(),
                                stage.connector().descriptors(),
                                withAccess ? stage.accessProgram().descriptors() : 0);
        return new Row(
                scenario,
                flat && empty
                        ? null
                        : (flat ? "" : "descriptors grew: " + descriptors + "; ") + left + detail,
                detail,
                seconds,
                stage.edge().peakRss(),
                stage.connector().peakRss(),
                descriptors);
    }
}
