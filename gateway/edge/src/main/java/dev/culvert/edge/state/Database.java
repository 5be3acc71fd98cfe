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

/// The database: SQLite with a write-ahead log, each commit on the disk before it is acknowledged. One
/// connection is for transactions. Another one only reads, for what may take long: neither waits for the other.
///
/// Thread-safe: one transaction and one reading at a time. Blocking: virtual threads only.
public final class Database implements AutoCloseable {
    private final Path file;
    private final Connection connection;
    private final Connection reader;
    private final Object reading = new Object();

    private Database(Path file, Connection connection, Connection reader) {
        this.file = file;
        this.connection = connection;
        this.reader = reader;
    }

    /// Statements that belong together.
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
            Database database = connect(file);
            boolean usable = false;
            try {
                database.connection.setAutoCommit(false);
                Schema.upgrade(database);
                usable = true;
            } finally {
                if (!usable) {
                    database.close();
                }
            }
            return database;
        } catch (SQLException | LinkageError e) {
            throw failed(file, e);
        }
    }

    private static Database connect(Path file) throws SQLException {
        Connection connection =
                connect(
                        file,
                        "PRAGMA journal_mode = WAL",
                        "PRAGMA synchronous = FULL",
                        "PRAGMA foreign_keys = ON",
                        "PRAGMA secure_delete = ON");
        boolean usable = false;
        try {
            Connection reader = connect(file, "PRAGMA query_only = ON");
            usable = true;
            return new Database(file, connection, reader);
        } finally {
            if (!usable) {
                connection.close();
            }
        }
    }

    private static Connection connect(Path file, String... pragmas) throws SQLException {
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file.toUri());
        boolean usable = false;
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
            usable = true;
            return connection;
        } finally {
            if (!usable) {
                connection.close();
            }
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

    /// Runs work that changes nothing, and keeps no transaction waiting however long it takes. Each statement
    /// sees what was committed when it began.
    public <T> T read(Work<T> work) throws StateException {
        synchronized (reading) {
            try {
                return work.run(reader);
            } catch (SQLException e) {
                throw failed(file, e);
            }
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
        // The last one folds the log, which a reader cannot.
        close(reader);
        close(connection);
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            // All that was acknowledged is on the disk; the next opening recovers from the log.
        }
    }
}
