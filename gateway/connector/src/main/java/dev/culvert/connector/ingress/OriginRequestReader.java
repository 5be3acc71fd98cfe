package dev.culvert.connector.ingress;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.Shown;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads `originRequest`: a key of a rule replaces the top-level one, which replaces the default. Keys
/// of cloudflared without an implementation are refused by name where they would change something.
/// Pure.
final class OriginRequestReader {
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);
    private static final int MAX_IDLE = 65_536;

    private OriginRequestReader() {}

    /// @param map null when there is no such key
    static OriginRequest read(@Nullable ConfigMap map, OriginRequest inherited) {
        if (map == null) {
            return inherited;
        }
        OriginRequest read =
                new OriginRequest(
                        timeout(map, "connectTimeout", inherited.connectTimeout()),
                        timeout(map, "tlsTimeout", inherited.tlsTimeout()),
                        map.duration(
                                "tcpKeepAlive",
                                inherited.tcpKeepAlive(),
                                Duration.ZERO,
                                Duration.ofHours(2)),
                        map.bool("noHappyEyeballs", inherited.noHappyEyeballs()),
                        map.integer(
                                "keepAliveConnections",
                                inherited.keepAliveConnections(),
                                0,
                                MAX_IDLE),
                        map.duration(
                                "keepAliveTimeout",
                                inherited.keepAliveTimeout(),
                                Duration.ZERO,
                                Duration.ofHours(24)),
                        map.bool("disableChunkedEncoding", inherited.disableChunkedEncoding()),
                        map.bool("http2Origin", inherited.http2Origin()),
                        word(map, "httpHostHeader", inherited.httpHostHeader()),
                        word(map, "originServerName", inherited.originServerName()),
                        map.bool("matchSNItoHost", inherited.matchSNItoHost()),
                        caPool(map, inherited.caPool()),
                        map.bool("noTLSVerify", inherited.noTLSVerify()),
                        rdpSecurity(map, inherited.rdpSecurity()));
        // No effect in cloudflared either.
        map.accept("proxyAddress", "proxyPort");
        map.finish();
        return read;
    }

    private static Duration timeout(ConfigMap map, String key, Duration inherited) {
        return map.duration(key, inherited, MIN_TIMEOUT, MAX_TIMEOUT);
    }

    /// A header value or name that cannot break out of its line.
    private static @Nullable String word(ConfigMap map, String key, @Nullable String inherited) {
        String text = map.text(key);
        if (text == null) {
            return inherited;
        }
        if (text.isEmpty()) {
            return null;
        }
        if (text.length() > 255 || !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            map.problem(key, Shown.value(text) + " (expected: a host name)");
            return inherited;
        }
        return text;
    }

    private static List<String> rdpSecurity(ConfigMap map, List<String> inherited) {
        if (!map.has("rdpSecurity")) {
            return inherited;
        }
        List<String> written = map.texts("rdpSecurity");
        for (String word : written) {
            if (!OriginRequest.RDP_SECURITY.contains(word)) {
                map.problem("rdpSecurity", Shown.value(word) + " (expected: tls, credssp)");
            }
        }
        return written;
    }

    private static @Nullable Path caPool(ConfigMap map, @Nullable Path inherited) {
        String text = map.text("caPool");
        if (text == null) {
            return inherited;
        }
        if (text.isEmpty()) {
            return null;
        }
        try {
            Path file = Path.of(text);
            String problem = CaFile.problem(file);
            if (problem != null) {
                map.problem("caPool", problem);
            }
            return file;
        } catch (InvalidPathException e) {
            map.problem("caPool", Shown.value(text) + " (expected: a file)");
            return inherited;
        }
    }
}
