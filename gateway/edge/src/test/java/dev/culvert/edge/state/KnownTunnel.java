package dev.culvert.edge.state;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/// A directory of one tunnel whose id and secret a test chooses, as recordings have them.
public final class KnownTunnel {
    private KnownTunnel() {}

    public static Directory directory(UUID id, byte[] secret) {
        return new Directory(
                Map.of(id, Tunnel.ofSecret(id, "recorded", Instant.EPOCH, 0, secret)), Map.of());
    }
}
