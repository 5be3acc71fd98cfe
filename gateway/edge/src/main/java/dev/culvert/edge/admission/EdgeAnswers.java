package dev.culvert.edge.admission;

import dev.culvert.transport.StreamTarget;

/// What the edge answers itself, each for one request. Thread-safe.
public interface EdgeAnswers {
    /// All of the auth host.
    StreamTarget authHost(Visitor visitor, String requestId);

    /// Paths below [Admission#OWN_PATHS] of a protected host.
    StreamTarget ownPaths(Visitor visitor, String requestId);

    /// What a command line has to know of the application.
    StreamTarget metadata(Asked asked);

    /// Leads to the sign-in page, or tells a program to get a token.
    StreamTarget signIn(Asked asked);

    /// @param actor as in the audit log
    StreamTarget refused(Asked asked, String actor, Refusal refusal);

    /// It may come in, but that cannot be written down.
    StreamTarget unrecorded(Asked asked);
}
