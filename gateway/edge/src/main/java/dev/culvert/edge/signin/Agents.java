package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Session;
import java.util.List;
import java.util.Map;

/// `User-Agent` in words that people know, such as `Firefox on Linux`. A guess, for show. Stateless.
public final class Agents {
    /// In the order they are asked: many name the earlier ones' engines too.
    private static final List<Map.Entry<String, String>> BROWSERS =
            List.of(
                    Map.entry("Edg/", "Edge"),
                    Map.entry("OPR/", "Opera"),
                    Map.entry("Firefox/", "Firefox"),
                    Map.entry("Chrom", "Chrome"),
                    Map.entry("Safari/", "Safari"));

    private static final List<Map.Entry<String, String>> SYSTEMS =
            List.of(
                    Map.entry("Android", "Android"),
                    Map.entry("iPhone", "iPhone"),
                    Map.entry("iPad", "iPad"),
                    Map.entry("Windows", "Windows"),
                    Map.entry("Mac OS X", "macOS"),
                    Map.entry("CrOS", "ChromeOS"),
                    Map.entry("Linux", "Linux"));

    private Agents() {}

    public static String shown(Session session) {
        if (session.kind() == Session.Kind.CLI) {
            return "Command line";
        }
        if (session.kind() == Session.Kind.SSH) {
            return "SSH client";
        }
        String browser = first(BROWSERS, session.agent(), "Browser");
        String system = first(SYSTEMS, session.agent(), "");
        return system.isEmpty() ? browser : browser + " on " + system;
    }

    private static String first(
            List<Map.Entry<String, String>> known, String agent, String otherwise) {
        for (Map.Entry<String, String> entry : known) {
            if (agent.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return otherwise;
    }
}
