package dev.culvert.connector.precheck;

import java.util.List;

/// One thing looked at before it is needed.
///
/// Blocking: runs on a virtual thread of its own, and may be interrupted.
@FunctionalInterface
public interface Precheck {
    /// What was found; more rows than one when it stands for several targets.
    List<Row> look() throws InterruptedException;

    /// A line of the table. Immutable.
    ///
    /// @param component such as `DNS`
    /// @param target what was looked at
    /// @param detail what was seen
    /// @param action what to do, empty when nothing
    record Row(String component, String target, Outcome outcome, String detail, String action) {
        static Row pass(String component, String target, String detail) {
            return new Row(component, target, Outcome.PASS, detail, "");
        }
    }

    /// How it went.
    enum Outcome {
        PASS,
        /// Works, but somebody should look at it.
        WARN,
        FAIL,
        /// Not needed, or could not be looked at.
        SKIP
    }
}
