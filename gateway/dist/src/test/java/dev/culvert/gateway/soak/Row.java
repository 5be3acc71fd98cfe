package dev.culvert.gateway.soak;

/// One line of the table. Immutable.
///
/// @param problem null when all went as it must
/// @param edgePeak,connectorPeak resident bytes
/// @param descriptors open in edge, connector and access, before and after
record Row(
        String scenario,
        String problem,
        String detail,
        double seconds,
        long edgePeak,
        long connectorPeak,
        String descriptors) {
    static final String HEAD =
            "%-28s %-6s %8s %9s %9s  %-24s %s"
                    .formatted(
                            "scenario",
                            "result",
                            "seconds",
                            "edge MB",
                            "conn. MB",
                            "descriptors (e/c/a)",
                            "");

    /// The same, but not as it must be.
    Row failed(String why) {
        return new Row(
                scenario,
                why + "; " + detail,
                detail,
                seconds,
                edgePeak,
                connectorPeak,
                descriptors);
    }

    @Override
    public String toString() {
        return "%-28s %-6s %8.1f %9d %9d  %-24s %s"
                .formatted(
                        scenario,
                        problem == null ? "ok" : "FAILED",
                        seconds,
                        edgePeak >> 20,
                        connectorPeak >> 20,
                        descriptors,
                        problem == null ? detail : problem);
    }
}
