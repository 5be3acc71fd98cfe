package dev.culvert.gateway;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.List;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// Sets how much is logged. Stateless.
final class LogLevels {
    private static final List<String> NAMES = List.of("debug", "info", "warn", "error");

    private LogLevels() {}

    static void set(CommandSpec spec, String level) {
        String name = level.toLowerCase(Locale.ROOT);
        if (!NAMES.contains(name)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--loglevel: \"" + level + "\" (expected: debug, info, warn or error)");
        }
        set(name);
    }

    static void set(String name) {
        if (LoggerFactory.getLogger("dev.culvert") instanceof Logger logger) {
            logger.setLevel(Level.toLevel(name, Level.INFO));
        }
    }
}
