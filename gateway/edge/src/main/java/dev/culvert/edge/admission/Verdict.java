package dev.culvert.edge.admission;

import dev.culvert.transport.StreamTarget;
import java.util.concurrent.CompletionStage;

/// What becomes of a request at the gate.
public sealed interface Verdict {
    /// In no application: its route decides.
    record Unprotected() implements Verdict {}

    /// Goes to the origin.
    record Enter(Grant grant) implements Verdict {}

    /// Is answered by the edge itself: its own pages, signing in, a refusal.
    record Answer(StreamTarget by) implements Verdict {}

    /// May enter once that is written down. The stage never fails; it gives [Enter] or [Answer].
    record Later(CompletionStage<Verdict> verdict) implements Verdict {}
}
