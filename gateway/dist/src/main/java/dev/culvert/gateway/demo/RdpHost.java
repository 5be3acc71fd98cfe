package dev.culvert.gateway.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host of RDP that the demo shows in a browser, twice: by the built-in engine, and by guacd. Immutable.
///
/// @param address as URLs have it
public record RdpHost(String address, int port) {
    static final String BUILT_IN = "desktop.localhost";
    static final String GUACD = "desktop-guacd.localhost";

    private static final int USUAL = 3389;
    private static final Pattern WRITTEN =
            Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?");

    /// Null when it is neither `HOST` nor `HOST:PORT`.
    public static @Nullable RdpHost read(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches()) {
            return null;
        }
        int port = parts.group(2) == null ? USUAL : Integer.parseInt(parts.group(2));
        return port < 1 || port > 65535 ? null : new RdpHost(parts.group(1), port);
    }

    /// Applications, as rules have them.
    static String applications() {
        return """
          - name: Desktop
            domains: [desktop.localhost]
            kind: rdp
            browser: true
            desktop: {programs: true}
            policies:
              - {name: whoever signs in, decision: allow, include: [{everyone: {}}]}
          - name: Desktop through guacd
            domains: [desktop-guacd.localhost]
            kind: rdp
            browser: true
            desktop: {engine: guacd, recording: best_effort}
            policies:
              - {name: whoever signs in, decision: allow, include: [{everyone: {}}]}
        """;
    }

    /// Ingress rules, as the connector's configuration has them.
    String ingress() {
        return """
          - hostname: desktop.localhost
            service: rdp://%1$s:%2$d
          - hostname: desktop-guacd.localhost
            service: rdp://%1$s:%2$d
        """
                .formatted(address, port);
    }
}
