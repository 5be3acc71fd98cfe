package dev.culvert.bench.cases;

import java.time.Duration;

/// How much a measurement does. Immutable.
///
/// @param time of those that last as long as they are let
/// @param bulkBytes of one bulk transfer
/// @param idleStreams held open
/// @param starts of a client program
/// @param desktops remote desktops open at once
public record Load(Duration time, long bulkBytes, int idleStreams, int starts, int desktops) {
    private static final int WARM_UP = 4;
    private static final int MIN_SSH_SESSIONS = 4;

    /// A session has two processes at the host and one at the user.
    private static final int STREAMS_FOR_A_SESSION = 10;

    /// What a system does unmeasured first, so that its compiler has seen the path.
    public Load warmUp() {
        return new Load(time.dividedBy(2), bulkBytes / WARM_UP, Math.min(idleStreams, 50), 1, 1);
    }

    /// What a system does once, before the first case.
    public Load general() {
        return new Load(time.multipliedBy(2), bulkBytes, idleStreams, starts, desktops);
    }

    int sshSessions() {
        return Math.max(MIN_SSH_SESSIONS, idleStreams / STREAMS_FOR_A_SESSION);
    }

    long deadlineNanos() {
        return System.nanoTime() + time.toNanos();
    }
}
