package dev.culvert.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import dev.culvert.connector.config.ConnectorConfig.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.LoggerFactory;

/// Where the connector's log goes besides stderr, and in which form. Files get JSON lines, as
/// cloudflared's do. Stateless; called once, before anything is logged.
final class LogOutput {
    private static final String FILE_NAME = "connector.log";
    private static final int OLD_FILES = 5;
    private static final long FILE_BYTES = 1024 * 1024;

    private LogOutput() {}

    /// @throws IOException with a message for the user when a file cannot be written
    static void apply(Operation operation) throws IOException {
        if (!(LoggerFactory.getILoggerFactory() instanceof LoggerContext context)) {
            return;
        }
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        context.getLogger("dev.culvert.transport")
                .setLevel(Level.toLevel(operation.transportLogLevel().name(), Level.INFO));
        if (operation.json()
                && root.getAppender("stderr") instanceof ConsoleAppender<ILoggingEvent> console) {
            console.stop();
            console.setEncoder(encoder(context));
            console.start();
        }
        Path file = operation.logFile();
        if (file != null) {
            root.addAppender(started(context, new FileAppender<>(), "logfile", file));
        }
        Path directory = operation.logDirectory();
        if (directory != null) {
            try {
                Files.createDirectories(directory);
            } catch (IOException e) {
                throw new IOException(
                        "log-directory: " + directory + " cannot be made: " + reason(e), e);
            }
            RollingFileAppender<ILoggingEvent> rolling = new RollingFileAppender<>();
            Path current = directory.resolve(FILE_NAME);
            rolling.setFile(current.toString());
            FixedWindowRollingPolicy names = new FixedWindowRollingPolicy();
            names.setContext(context);
            names.setParent(rolling);
            names.setFileNamePattern(directory.resolve("connector.%i.log").toString());
            names.setMinIndex(1);
            names.setMaxIndex(OLD_FILES);
            names.start();
            SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
            size.setContext(context);
            size.setMaxFileSize(new FileSize(FILE_BYTES));
            size.start();
            rolling.setRollingPolicy(names);
            rolling.setTriggeringPolicy(size);
            root.addAppender(started(context, rolling, "log-directory", current));
        }
    }

    private static Appender<ILoggingEvent> started(
            LoggerContext context, FileAppender<ILoggingEvent> appender, String key, Path file)
            throws IOException {
        try {
            // Logback only warns of a file it cannot open.
            Files.newOutputStream(
                            file,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.APPEND)
                    .close();
        } catch (IOException e) {
            throw new IOException(key + ": " + file + " cannot be written: " + reason(e), e);
        }
        appender.setContext(context);
        appender.setName(key);
        appender.setFile(file.toString());
        appender.setEncoder(encoder(context));
        appender.start();
        return appender;
    }

    private static JsonLines encoder(LoggerContext context) {
        JsonLines encoder = new JsonLines();
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName().replace("Exception", "");
    }

    /// True when stderr is a person's.
    static boolean isTerminal() {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }
}
