package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.plugin.edge.GuacdSettings;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the key `guacd`. Stateless.
final class GuacdReader {
    private static final String KEY = "guacd";
    private static final int PORT = 4822;
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9a-fA-F:.]+\\]|[A-Za-z0-9_.-]{1,253})(?::([0-9]{1,5}))?");

    private GuacdReader() {}

    /// Null when it is not there.
    static @Nullable GuacdSettings read(ConfigMap file) {
        ConfigMap map = file.map(KEY);
        if (map == null) {
            return null;
        }
        String address = map.text("address", "127.0.0.1");
        Matcher parts = ADDRESS.matcher(address);
        int port =
                parts.matches() && parts.group(2) != null ? Integer.parseInt(parts.group(2)) : PORT;
        if (!parts.matches() || port < 1 || port > 65535) {
            map.problem("address", Shown.value(address) + " (expected: HOST or HOST:PORT)");
        }
        boolean tls = map.bool("tls", false);
        String authorities = map.text("tls_authorities");
        if (authorities != null && !tls) {
            map.problem("tls_authorities", "needs tls: true");
        }
        GuacdSettings read =
                new GuacdSettings(
                        parts.matches() ? parts.group(1).replaceAll("[\\[\\]]", "") : "",
                        port,
                        tls,
                        authorities == null ? null : Path.of(authorities),
                        reach(map),
                        drive(map));
        map.finish();
        return read;
    }

    private static @Nullable InetAddress reach(ConfigMap map) {
        String text = map.text("reach");
        if (text == null) {
            return null;
        }
        try {
            InetAddress address = InetAddress.ofLiteral(text);
            if (!address.isAnyLocalAddress()) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        map.problem(
                "reach",
                Shown.value(text)
                        + " (expected: one IP address of this machine that guacd connects to)");
        return null;
    }

    private static @Nullable String drive(ConfigMap map) {
        String text = map.text("drive");
        if (text != null
                && (!text.startsWith("/") || text.contains("\0") || text.contains("/../"))) {
            map.problem(
                    "drive", Shown.value(text) + " (expected: an absolute path where guacd runs)");
            return null;
        }
        return text;
    }
}
