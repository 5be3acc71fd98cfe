package dev.culvert.recording;

import java.time.Duration;

/// A recording as lists show it. What its sidecar says, unchecked. Immutable.
///
/// @param length up to its last checkpoint
/// @param bytes of its data file
/// @param gaps places where one of best effort could not be written
/// @param missing bytes there
public record Summary(
        About about, State state, Duration length, long bytes, long gaps, long missing) {
    public enum State {
        /// It is made right now.
        LIVE,
        /// It has an end.
        COMPLETE,
        /// It has none: the edge died, or its disk failed.
        UNFINISHED
    }

    Summary live(long written) {
        return new Summary(about, State.LIVE, length, written, gaps, missing);
    }
}
