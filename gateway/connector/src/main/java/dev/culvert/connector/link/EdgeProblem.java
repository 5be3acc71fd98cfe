package dev.culvert.connector.link;

import java.io.IOException;

/// No way to an edge, in words for the person who runs the connector. Immutable.
public final class EdgeProblem extends IOException {
    private static final long serialVersionUID = 1;

    private final String edge;
    private final String hint;

    /// @param edge what was looked for: an address, a name or a proxy
    /// @param sentence what happened
    /// @param hint what to do
    public EdgeProblem(String edge, String sentence, String hint, Throwable cause) {
        super(sentence, cause);
        this.edge = edge;
        this.hint = hint;
    }

    public String edge() {
        return edge;
    }

    public String hint() {
        return hint;
    }
}
