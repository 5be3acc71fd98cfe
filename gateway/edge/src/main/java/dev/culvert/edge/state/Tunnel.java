package dev.culvert.edge.state;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A tunnel as the data path knows it. It holds the SHA-256 digest of the secret, never the secret:
/// secrets are 32 random bytes, so a plain digest cannot be searched. Immutable.
public final class Tunnel {
    private final UUID id;
    private final String name;
    private final Instant createdAt;
    private final long rotation;
    private final byte[] secretDigest;
    private final @Nullable TunnelConfiguration configuration;

    Tunnel(
            UUID id,
            String name,
            Instant createdAt,
            long rotation,
            byte[] secretDigest,
            @Nullable TunnelConfiguration configuration) {
        this.id = id;
        this.name = name;
        this.createdAt = createdAt;
        this.rotation = rotation;
        this.secretDigest = secretDigest;
        this.configuration = configuration;
    }

    static Tunnel ofSecret(UUID id, String name, Instant createdAt, long rotation, byte[] secret) {
        return new Tunnel(id, name, createdAt, rotation, Digests.sha256().digest(secret), null);
    }

    Tunnel configured(@Nullable TunnelConfiguration rules) {
        return new Tunnel(id, name, createdAt, rotation, secretDigest, rules);
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public Instant createdAt() {
        return createdAt;
    }

    /// How often the secret was replaced. A connection that registered under a lower number is to be
    /// closed.
    public long rotation() {
        return rotation;
    }

    /// The rules its connectors get from the edge; null when they have their own.
    public @Nullable TunnelConfiguration configuration() {
        return configuration;
    }

    /// Whether this is the tunnel's secret. Takes the same time for every wrong secret of a length.
    public boolean secretMatches(byte[] secret) {
        return MessageDigest.isEqual(secretDigest, Digests.sha256().digest(secret));
    }

    @Override
    public String toString() {
        return "Tunnel[id=" + id + ", name=" + name + ", rotation=" + rotation + "]";
    }
}
