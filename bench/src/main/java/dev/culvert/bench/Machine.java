package dev.culvert.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the figures were taken on. Holds no state.
final class Machine {
    private Machine() {}

    static Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("processors", Runtime.getRuntime().availableProcessors());
        facts.put("processor", line("/proc/cpuinfo", "model name"));
        facts.put("memory", line("/proc/meminfo", "MemTotal"));
        facts.put("kernel", System.getProperty("os.version", ""));
        facts.put("jdk", Runtime.version().toString());
        facts.put("congestion control", line("/proc/sys/net/ipv4/tcp_congestion_control", ""));
        facts.put("nginx", said("nginx", "-v"));
        facts.put("haproxy", said("haproxy", "-v"));
        facts.put("wrk", said("wrk", "-v"));
        facts.put("commit", said("git", "describe", "--always", "--dirty"));
        return facts;
    }

    /// Of the last minute.
    static String loadAverage() {
        return line("/proc/loadavg", "").split(" ")[0];
    }

    /// The value of the first line that starts with the key.
    private static String line(String file, String key) {
        try {
            for (String line : Files.readAllLines(Path.of(file))) {
                if (line.startsWith(key)) {
                    return line.substring(key.isEmpty() ? 0 : line.indexOf(':') + 1).strip();
                }
            }
        } catch (IOException e) {
            // Not Linux, or hidden.
        }
        return "unknown";
    }

    private static String said(String... command) {
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String text =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            return "not found";
        }
    }
}
