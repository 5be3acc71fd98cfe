package dev.culvert.access.ports;

import dev.culvert.access.Problem;
import java.time.Instant;

/// Something that happened on a local port. Immutable.
///
/// @param port its name
/// @param hint what to do about it; empty when nothing is to be done
public record PortEvent(Instant at, Weight weight, String port, String what, String hint) {
    /// Who should hear of it.
    public enum Weight {
        /// Only who asks for the log.
        DETAIL,
        /// Who watches.
        NOTICE,
        WARNING,
        ERROR
    }

    static PortEvent of(Weight weight, String port, String what) {
        return new PortEvent(Instant.now(), weight, port, what, "");
    }

    static PortEvent of(Weight weight, String port, Problem problem) {
        return new PortEvent(Instant.now(), weight, port, problem.what(), problem.hint());
    }
}
