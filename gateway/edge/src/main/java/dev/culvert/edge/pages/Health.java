package dev.culvert.edge.pages;

/// How a tunnel is doing.
public enum Health {
    /// Every connection is up.
    HEALTHY,
    /// Some connections are up.
    DEGRADED,
    /// None is.
    DOWN;

    public String shown() {
        return switch (this) {
            case HEALTHY -> "Healthy";
            case DEGRADED -> "Degraded";
            case DOWN -> "Down";
        };
    }
}
