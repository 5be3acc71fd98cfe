package dev.culvert.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class DatabaseTest {
    @TempDir Path temp;
    private StateDirectory directory;
    private Database database;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        database = Database.open(directory);
        execute("CREATE TABLE notes (text TEXT NOT NULL)");
    }

    @AfterEach
    void close() {
        database.close();
        directory.close();
    }

    private void execute(String statement) throws StateException {
        database.transaction(c -> {
            try (var made = c.createStatement()) {
                return made.execute(statement);
            }
        });
    }

    private int notes() throws StateException {
        return database.transaction(c ->
                Sql.first(c, "SELECT COUNT(*) FROM notes", row -> row.getInt(1)).orElseThrow());
    }

    private void assertThatFailuresLeaveNothing() throws StateException {
        int before = notes();
        assertThatThrownBy(() ->
                        database.transaction(c -> {
                            Sql.update(c, "INSERT INTO notes VALUES (?)", "one");
                            throw new SQLException("afterwards");
                        }))
                .hasMessageContaining("afterwards");
        assertThat(notes()).isEqualTo(before);
    }

    @Test
    void whatFailsLeavesEverythingAsItWas() throws Exception {
        assertThatFailuresLeaveNothing();
    }

    /// SQLite ends the transaction itself then, and its driver takes a rollback of none for a failure.
    @Test
    void aFullDiskIsSaidAndTransactionsGoOnAfterIt() throws Exception {
        execute("PRAGMA max_page_count = 1");
        String much = "x".repeat(100_000);
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() ->
                            database.transaction(
                                    c -> Sql.update(c, "INSERT INTO notes VALUES (?)", much)))
                    .isInstanceOf(StateException.class)
                    .hasMessageContaining("full");
            assertThatFailuresLeaveNothing();
        }
        execute("PRAGMA max_page_count = 1000000");
        database.transaction(c -> Sql.update(c, "INSERT INTO notes VALUES (?)", much));
        assertThat(notes()).isEqualTo(1);
        assertThatFailuresLeaveNothing();
    }

    /// What another thread comes to while this one is in the middle of something.
    private static <T> T meanwhile(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread.ofVirtual().start(task);
        try {
            return task.get();
        } catch (Exception e) {
            throw new CompletionException(e);
        }
    }

    private int read() throws StateException {
        return database.read(c ->
                Sql.first(c, "SELECT COUNT(*) FROM notes", row -> row.getInt(1)).orElseThrow());
    }

    @Test
    void readingAndATransactionKeepEachOtherNotWaiting() throws Exception {
        int seen =
                database.transaction(c -> {
                    Sql.update(c, "INSERT INTO notes VALUES (?)", "one");
                    return meanwhile(this::read);
                });
        assertThat(seen).isZero();
        assertThat(read()).isEqualTo(1);
        int written =
                database.read(c ->
                        meanwhile(() ->
                                database.transaction(d ->
                                        Sql.update(d, "INSERT INTO notes VALUES (?)", "two"))));
        assertThat(written).isEqualTo(1);
        assertThat(read()).isEqualTo(2);
    }

    @Test
    void readingChangesNothing() throws Exception {
        assertThatThrownBy(() ->
                        database.read(c -> Sql.update(c, "INSERT INTO notes VALUES (?)", "one")))
                .isInstanceOf(StateException.class);
        assertThat(notes()).isZero();
        assertThat(read()).isZero();
    }
}
