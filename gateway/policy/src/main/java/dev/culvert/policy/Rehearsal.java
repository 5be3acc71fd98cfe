package dev.culvert.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What other rules would change for requests that were recorded and for sessions that are open: who would
/// come in that does not now, and who would not any more. Immutable.
///
/// @param asked requests and sessions that were asked for
/// @param changes those for whom anything changes: losses, gains, then the others, the most frequent first
public record Rehearsal(long asked, List<Change> changes) {
    private static final Comparator<Change> ORDER =
            Comparator.comparing(Change::direction)
                    .thenComparing(Comparator.comparingLong(Change::live).reversed())
                    .thenComparing(Comparator.comparingLong(Change::count).reversed());

    public Rehearsal {
        changes = List.copyOf(changes);
    }

    /// Asks both engines for each.
    ///
    /// @param isPublic whether a host without an application is open to everyone
    public static Rehearsal of(
            PolicyEngine before,
            PolicyEngine after,
            Predicate<String> isPublic,
            Iterable<Asked> all) {
        Map<Change, long[]> counts = new LinkedHashMap<>();
        long asked = 0;
        for (Asked one : all) {
            asked += one.times();
            Verdict old = verdict(before, isPublic, one);
            Verdict young = verdict(after, isPublic, one);
            if (!old.equals(young)) {
                Change change = new Change(one.label(), one.host(), old, young, 0, 0);
                long[] count = counts.computeIfAbsent(change, _ -> new long[2]);
                count[0] += one.times();
                count[1] += one.live();
            }
        }
        List<Change> changes = new ArrayList<>();
        counts.forEach((change, count) -> changes.add(change.counted(count[0], count[1])));
        changes.sort(ORDER);
        return new Rehearsal(asked, changes);
    }

    /// Requests and sessions that change in a direction.
    public long count(Direction direction) {
        return changes.stream()
                .filter(change -> change.direction() == direction)
                .mapToLong(Change::count)
                .sum();
    }

    /// For a terminal: several lines, without a final line break.
    public String text() {
        return RehearsalText.of(this);
    }

    private static Verdict verdict(PolicyEngine engine, Predicate<String> isPublic, Asked asked) {
        Application application = engine.find(asked.host(), asked.path());
        if (application == null) {
            return new Verdict(isPublic.test(asked.host()) ? Outcome.IN : Outcome.OUT, null, null);
        }
        Decision decision = engine.decide(application, asked.caller());
        Policy policy =
                switch (decision) {
                    case Decision.Allow(Policy deciding) -> deciding;
                    case Decision.Bypass(Policy deciding) -> deciding;
                    case Decision.Deny(@Nullable Policy deciding) -> deciding;
                    case Decision.SignIn() ->
                            engine.explain(application, asked.caller()).deciding();
                };
        return new Verdict(
                Outcome.of(decision), application.name(), policy == null ? null : policy.name());
    }

    /// Someone who asked, or whose session is open.
    ///
    /// @param label how the caller is called in the result: an e-mail address, a service token's name
    /// @param caller as of now: the same person an hour later may be another caller
    /// @param times how often
    /// @param live how many of these are open now, and would be closed if the caller were not let in
    public record Asked(
            String label, String host, String path, Caller caller, long times, long live) {
        /// Once.
        public Asked(String label, String host, String path, Caller caller, boolean live) {
            this(label, host, path, caller, 1, live ? 1 : 0);
        }
    }

    /// The order is the one of [Direction]: from out to in.
    public enum Outcome {
        OUT,
        SIGN_IN,
        IN;

        static Outcome of(Decision decision) {
            return switch (decision) {
                case Decision.Allow _, Decision.Bypass _ -> IN;
                case Decision.SignIn _ -> SIGN_IN;
                case Decision.Deny _ -> OUT;
            };
        }
    }

    /// @param application null on a host without one
    /// @param policy the one that decides, null when none does
    public record Verdict(Outcome outcome, @Nullable String application, @Nullable String policy) {}

    public enum Direction {
        LOSES,
        GAINS,
        /// As far in or out as before, by another policy or application.
        OTHER
    }

    /// @param who as in [Asked#label()]
    /// @param count how many requests and sessions it is about
    /// @param live how many of these are open now
    public record Change(
            String who, String host, Verdict before, Verdict after, long count, long live) {
        public Direction direction() {
            int way = after.outcome().compareTo(before.outcome());
            return way < 0 ? Direction.LOSES : way > 0 ? Direction.GAINS : Direction.OTHER;
        }

        private Change counted(long all, long open) {
            return new Change(who, host, before, after, all, open);
        }
    }
}
