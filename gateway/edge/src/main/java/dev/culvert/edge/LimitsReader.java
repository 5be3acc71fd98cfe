package dev.culvert.edge;

import dev.culvert.config.ConfigMap;
import dev.culvert.edge.front.PublicLimits;
import java.time.Duration;

/// Reads `limits` of the edge's configuration. Stateless.
final class LimitsReader {
    private static final PublicLimits USUAL = PublicLimits.DEFAULT;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private LimitsReader() {}

    static PublicLimits read(ConfigMap file) {
        ConfigMap limits = file.map("limits");
        if (limits == null) {
            return USUAL;
        }
        PublicLimits read =
                new PublicLimits(
                        limits.integer("uri-bytes", USUAL.uriBytes(), 1024, 256 * 1024),
                        limits.integer("header-bytes", USUAL.headerBytes(), 4096, 256 * 1024),
                        limits.integer("header-count", USUAL.headerCount(), 16, 4096),
                        limits.duration("head-timeout", USUAL.headTimeout(), SECOND, HOUR),
                        limits.duration("idle-timeout", USUAL.idleTimeout(), SECOND, HOUR),
                        stallTimeout(limits),
                        limits.integer("connection-streams", USUAL.connectionStreams(), 1, 10_000),
                        limits.integer(
                                "client-connections", USUAL.clientConnections(), 1, 1_000_000),
                        limits.integer("client-streams", USUAL.clientStreams(), 1, 1_000_000));
        limits.finish();
        return read;
    }

    /// Zero switches it off; anything shorter than a second would end streams that are merely slow.
    private static Duration stallTimeout(ConfigMap limits) {
        Duration read =
                limits.duration(
                        "stall-timeout", USUAL.stallTimeout(), Duration.ZERO, Duration.ofHours(24));
        if (!read.isZero() && read.compareTo(SECOND) < 0) {
            limits.problem("stall-timeout", read.toMillis() + "ms (expected: 0s, or 1s to 24h)");
        }
        return read;
    }
}
