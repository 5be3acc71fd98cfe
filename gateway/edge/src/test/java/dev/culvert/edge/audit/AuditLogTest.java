package dev.culvert.edge.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.edge.identity.MovableClock;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class AuditLogTest {
    @TempDir Path temp;
    private final MovableClock clock = new MovableClock();
    private StateDirectory directory;
    private State state;
    private AuditLog audit;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        audit = new AuditLog(state.database(), temp.resolve("state"), clock).start();
    }

    @AfterEach
    void close() {
        audit.close();
        state.close();
        directory.close();
    }

    private static AuditEvent event(String outcome) {
        return AuditEvent.of(AuditEvent.Kind.ADMIN, "test", outcome).build();
    }

    private static AuditQuery between(Instant from, Instant until) {
        return new AuditQuery(0L, null, from, until, null, "", "", "", "", 1000);
    }

    @Test
    void aSearchAndATransactionKeepEachOtherNotWaiting() throws Exception {
        audit.recorded(event("looked")).join();
        FutureTask<List<AuditEvent>> search =
                new FutureTask<>(() -> audit.find(AuditQuery.newest(10)));
        state.database()
                .transaction(c -> {
                    Thread.ofVirtual().start(search);
                    try {
                        return search.get();
                    } catch (Exception e) {
                        throw new CompletionException(e);
                    }
                });
        assertThat(search.get()).extracting(AuditEvent::outcome).containsExactly("looked");
    }

    /// An export asks for piece after piece.
    @Test
    void aPieceIsNotSortedAnew() throws Exception {
        AuditQuery query = between(clock.instant(), clock.instant().plusSeconds(60));
        List<String> plan =
                state.database()
                        .read(c -> {
                            List<String> steps = new ArrayList<>();
                            try (PreparedStatement explain =
                                    c.prepareStatement(
                                            "EXPLAIN QUERY PLAN SELECT detail FROM audit"
                                                    + query.where()
                                                    + query.order())) {
                                query.fill(explain);
                                try (ResultSet found = explain.executeQuery()) {
                                    while (found.next()) {
                                        steps.add(found.getString("detail"));
                                    }
                                }
                            }
                            return steps;
                        });
        assertThat(plan).singleElement().asString().contains("(id>?)");
    }

    @Test
    void momentsBeyondMillisecondsAreAllThereIs() throws Exception {
        audit.recorded(event("looked")).join();
        assertThat(audit.find(between(Instant.MIN, Instant.MAX))).hasSize(1);
        assertThat(audit.find(between(Instant.MAX, Instant.MAX))).isEmpty();
        assertThat(audit.find(between(Instant.MIN, Instant.MIN))).isEmpty();
    }

    /// A database that is slower than strangers ask for refusals.
    @Test
    void whatHappensAnywayLeavesRoomForWhoComesIn() throws Exception {
        audit.close();
        audit = new AuditLog(state.database(), temp.resolve("state"), clock);
        for (int i = 0; i < AuditLog.MAX_WAITING; i++) {
            audit.record(event("looked"));
        }
        List<CompletableFuture<Void>> came =
                Stream.generate(() -> audit.recorded(event("came")))
                        .limit(AuditLog.KEPT_FREE)
                        .toList();
        assertThat(audit.recorded(event("came"))).isCompletedExceptionally();
        audit.start();
        came.forEach(CompletableFuture::join);
        assertThat(audit.find(AuditQuery.after(0, 1)))
                .extracting(AuditEvent::outcome, AuditEvent::detail)
                .containsExactly(tuple("events_lost", "{\"events\":" + AuditLog.KEPT_FREE + "}"));
    }

    @Test
    void whatWasOnlyCountedIsWrittenBeforeItCloses() throws Exception {
        for (int i = 0; i < 100; i++) {
            audit.recordOfAnybody(event("failed"));
        }
        audit.close();
        List<AuditEvent> events = audit.find(AuditQuery.after(0, 1000));
        assertThat(events).hasSize(Crowd.AT_ONCE + 1);
        assertThat(events.getLast().detail()).isEqualTo("{\"more\":40}");
        assertThat(events.getLast().actor()).isEqualTo("anyone");
    }
}
