package dev.culvert.bench.ground;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads `/proc` (proc(5)). Holds no state.
public final class Proc {
    /// USER_HZ, which Linux has for user space on every architecture.
    private static final double TICKS_PER_SECOND = 100;

    private Proc() {}

    /// User and system time of this process and of its children that have ended.
    public static double ownCpuSeconds() throws IOException {
        return ticks("self", 4) / TICKS_PER_SECOND;
    }

    /// User and system time of a process; 0 when there is none.
    static double cpuSeconds(long pid) {
        try {
            return ticks("" + pid, 2) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }

    /// Sum of the first `fields` of utime, stime, cutime and cstime.
    private static long ticks(String pid, int fields) throws IOException {
        String stat = Files.readString(Path.of("/proc", pid, "stat"));
        // The name, in parentheses, may hold anything.
        String[] rest = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long sum = 0;
        for (int i = 0; i < fields; i++) {
            sum += Long.parseLong(rest[11 + i]);
        }
        return sum;
    }

    /// A figure of `/proc/PID/status` in bytes; 0 when there is no such process.
    static long status(long pid, String key) {
        return number(pid, key) * 1024;
    }

    /// Resident bytes, each shared page divided by those who share it; 0 when there is no such process.
    static long proportionalBytes(long pid) {
        return number(Path.of("/proc", "" + pid, "smaps_rollup"), "Pss:") * 1024;
    }

    static long threads(long pid) {
        return number(pid, "Threads:");
    }

    private static long number(long pid, String key) {
        return number(Path.of("/proc", "" + pid, "status"), key);
    }

    private static long number(Path file, String key) {
        try {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith(key)) {
                    return Long.parseLong(line.replaceAll("\\D", ""));
                }
            }
        } catch (IOException e) {
            // It has ended.
        }
        return 0;
    }

    /// Lets VmHWM start again from what is resident now.
    static void forgetPeak(long pid) {
        try {
            Files.writeString(Path.of("/proc", "" + pid, "clear_refs"), "5");
        } catch (IOException e) {
            // It has ended, or is somebody else's: the peak is that since its start.
        }
    }
}
