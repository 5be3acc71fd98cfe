package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// The one connection to the database: SQLite with a write-ahead log, each commit on the disk before it
/// is acknowledged.
///
/// Thread-safe: one transaction at a time. Blocking: virtual threads only.
public final class Database implements AutoCloseable {
    private final Path file;
    private final Connection connection;

    private Database(Path file, Connection connection) {
        this.file = file;
        this.connection = connection;
    }

    /// Statements of one transaction.
    @FunctionalInterface
    public interface Work<T> {
        T run(Connection connection) throws SQLException, StateException;
    }

    /// Opens the file (0600), making it when missing, and brings its schema up to date.
    static Database open(StateDirectory directory) throws StateException {
        Path file = directory.database();
        try {
            Files.createFile(file, PrivateFiles.FILE);
        } catch (FileAlreadyExistsException e) {
            PrivateFiles.requirePrivate(file);
        } catch (IOException e) {
            throw failed(file, e);
        }
        // Read when SQLite's classes are first used: its library is unpacked there, not in /tmp.
        System.setProperty("org.sqlite.tmpdir", directory.nativeDirectory().toString());
        try {
            Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
            Database database = new Database(file, connection);
            boolean usable = false;
            try {
                try (Statement statement = connection.createStatement()) {
                    statement.execute("PRAGMA journal_mode = WAL");
                    statement.execute("PRAGMA synchronous = FULL");
                    statement.execute("PRAGMA foreign_keys = ON");
                    statement.execute("PRAGMA secure_delete = ON");
                }
                connection.setAutoCommit(false);
                Schema.upgrade(database);
                usable = true;
            } finally {
                if (!usable) {
                    connection.close();
                }
            }
            return database;
        } catch (SQLException | LinkageError e) {
            throw failed(file, e);
        }
    }

    /// Runs the work and commits, or leaves everything as it was.
    public synchronized <T> T transaction(Work<T> work) throws StateException {
        try {
            try {
                T result = work.run(connection);
                connection.commit();
                return result;
            } catch (SQLException | StateException | RuntimeException | Error e) {
                rollBack(e);
                throw e;
            }
        } catch (SQLException e) {
            throw failed(file, e);
        }
    }

    /// After some failures, such as a full disk, SQLite has done it by itself. Its driver fails then before it
    /// begins the next transaction, and each further statement would be one of its own.
    private void rollBack(Throwable cause) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            cause.addSuppressed(e);
            try (Statement statement = connection.createStatement()) {
                statement.execute("BEGIN");
            } catch (SQLException again) {
                cause.addSuppressed(again);
            }
        }
    }

    private static StateException failed(Path file, Throwable cause) {
        return new StateException(
                Code.STORAGE,
                "database " + file + ": " + cause.getMessage(),
                "check free space and the disk; programs must be allowed to run from the state"
                        + " directory, since SQLite's library is unpacked there",
                cause);
    }

    /// Idempotent. Folds the write-ahead log into the file.
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // All that was acknowledged is on the disk; the next opening recovers from the log.
        }
    }
}
