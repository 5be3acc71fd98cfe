package dev.culvert.edge.state;

/// Rules the edge hands to a tunnel's connectors. Immutable.
///
/// @param version from 1; only grows while the tunnel exists, also when the rules were removed in between
/// @param json `ingress`, `originRequest` and `warp-routing` in connectors' form
public record TunnelConfiguration(int version, String json) {
    /// Connectors take at most 1 MiB, in which the version stands too.
    public static final int MAX_BYTES = 1_000_000;

    /// Rules may name hosts nobody else should know.
    @Override
    public String toString() {
        return "TunnelConfiguration[version=" + version + "]";
    }
}
