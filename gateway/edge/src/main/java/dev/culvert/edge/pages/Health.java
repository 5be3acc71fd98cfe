package dev.culvert.edge.pages;

/// How a tunnel is doing.
public enum Health {
    /// Two connections or more: when one is lost, the next request takes another.
    HEALTHY,
    /// One connection.
    DEGRADED,
    /// None.
    DOWN;

    /// @param connections that are up
    public static Health of(int connections) {
        return connections > 1 ? HEALTHY : connections == 1 ? DEGRADED : DOWN;
    }

    public String shown() {
        return switch (this) {
            case HEALTHY -> "Healthy";
            case DEGRADED -> "Degraded";
            case DOWN -> "Down";
        };
    }
}
