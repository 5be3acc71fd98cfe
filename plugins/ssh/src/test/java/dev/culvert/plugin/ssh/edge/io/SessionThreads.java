package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/// Threads of sessions, virtual ones among them, as the JVM's own dump has them.
public final class SessionThreads {
    private static final Pattern NAME = Pattern.compile("\"ssh-(read|write|close)-\\d+\"");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private SessionThreads() {}

    public static long count() throws IOException {
        Path dump = Files.createTempDirectory("threads").resolve("dump.json");
        try {
            var bean =
                    java.lang.management.ManagementFactory.getPlatformMXBean(
                            com.sun.management.HotSpotDiagnosticMXBean.class);
            bean.dumpThreads(
                    dump.toString(),
                    com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat.JSON);
            return NAME.matcher(Files.readString(dump)).results().count();
        } finally {
            Files.deleteIfExists(dump);
            Files.deleteIfExists(dump.getParent());
        }
    }

    public static void awaitNone() throws IOException {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (count() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(count() + " threads of sessions are left");
            }
        }
    }
}
