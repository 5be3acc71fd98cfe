package dev.culvert.policy;

import dev.culvert.policy.Rehearsal.Change;
import dev.culvert.policy.Rehearsal.Direction;
import dev.culvert.policy.Rehearsal.Verdict;

/// Writes a rehearsal as lines for a terminal:
///
/// ```
/// 120 asked: 3 lose, 1 gains, 0 otherwise
///
/// loses  bob@example.com  wiki.example.com  2 times, 1 open now
///          before: in, application "wiki", policy "staff"
///          after:  out, application "wiki", no policy
/// ```
///
/// Stateless.
final class RehearsalText {
    private RehearsalText() {}

    static String of(Rehearsal rehearsal) {
        StringBuilder text = new StringBuilder();
        text.append(rehearsal.asked())
                .append(" asked: ")
                .append(rehearsal.count(Direction.LOSES))
                .append(" lose, ")
                .append(rehearsal.count(Direction.GAINS))
                .append(" gain, ")
                .append(rehearsal.count(Direction.OTHER))
                .append(" let in or kept out by other rules");
        if (!rehearsal.changes().isEmpty()) {
            text.append('\n');
        }
        rehearsal.changes().forEach(change -> add(change, text));
        return text.toString();
    }

    private static void add(Change change, StringBuilder text) {
        String word =
                switch (change.direction()) {
                    case LOSES -> "loses  ";
                    case GAINS -> "gains  ";
                    case OTHER -> "other  ";
                };
        text.append('\n').append(word).append(change.who()).append("  ").append(change.host());
        text.append("  ").append(change.count() == 1 ? "once" : change.count() + " times");
        if (change.live() > 0) {
            text.append(", ").append(change.live()).append(" open now");
        }
        text.append("\n         before: ").append(of(change.before()));
        text.append("\n         after:  ").append(of(change.after()));
    }

    private static String of(Verdict verdict) {
        String outcome =
                switch (verdict.outcome()) {
                    case IN -> "in";
                    case SIGN_IN -> "asked to sign in";
                    case OUT -> "out";
                };
        if (verdict.application() == null) {
            return outcome + ", no application";
        }
        String policy =
                verdict.policy() == null ? "no policy" : "policy \"" + verdict.policy() + "\"";
        return outcome + ", application \"" + verdict.application() + "\", " + policy;
    }
}
