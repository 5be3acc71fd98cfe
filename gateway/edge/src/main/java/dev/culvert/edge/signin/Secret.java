package dev.culvert.edge.signin;

/// A secret of the configuration. Its text form does not show it. Immutable.
///
/// @param value as it goes to whom it is shared with
public record Secret(String value) {
    @Override
    public String toString() {
        return "(secret)";
    }
}
