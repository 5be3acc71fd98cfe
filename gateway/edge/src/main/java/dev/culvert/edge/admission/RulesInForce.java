package dev.culvert.edge.admission;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.policy.AccessRules;
import dev.culvert.policy.AccessRulesReader;
import dev.culvert.policy.PolicyEngine;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The access rules that count now: those of the configuration when it has any, else the newest of the
/// state.
///
/// Thread-safe. [#engine] never blocks; changes do.
public final class RulesInForce {
    private static final int MAX_DOCUMENT = 1 << 20;

    private final Database database;
    private final InstantSource clock;
    private final boolean configured;
    private final @Nullable RulesFit fit;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile PolicyEngine engine;
    private volatile @Nullable Applied applied;

    /// Rules of the state, and who put them there.
    ///
    /// @param document YAML or JSON, as it was given
    public record Applied(long version, String document, String changedBy, Instant changedAt) {}

    /// @param configured rules of the configuration, null when it has none
    /// @param fit what others must fit; null when that is not known, for no edge runs
    public RulesInForce(
            Database database,
            @Nullable AccessRules configured,
            @Nullable RulesFit fit,
            InstantSource clock)
            throws StateException {
        this.database = database;
        this.fit = fit;
        this.clock = clock;
        this.configured = configured != null;
        Optional<Applied> newest = database.transaction(RulesTable::newest);
        this.applied = newest.orElse(null);
        if (configured != null) {
            this.engine = new PolicyEngine(configured);
        } else if (newest.isPresent()) {
            this.engine = new PolicyEngine(parse(newest.get().document()));
        } else {
            this.engine = PolicyEngine.EMPTY;
        }
    }

    /// Rules that could be applied here.
    ///
    /// @throws StateException with every problem when the document is not sound, or this edge has not what
    ///     the rules look at
    public AccessRules read(String document) throws StateException {
        AccessRules rules = parse(document);
        List<String> problems = fit == null ? List.of() : fit.problems(rules);
        if (!problems.isEmpty()) {
            throw new StateException(
                    Code.INVALID,
                    "rules: " + String.join("\nrules: ", problems),
                    "correct the rules, or give the edge's configuration what they look at");
        }
        return rules;
    }

    /// What the rules in force look at and this edge has not: those of the state may come from elsewhere.
    public List<String> problems() {
        return fit == null ? List.of() : fit.problems(engine.rules());
    }

    private static AccessRules parse(String document) throws StateException {
        if (document.length() > MAX_DOCUMENT) {
            throw new StateException(
                    Code.LIMIT,
                    "the rules have " + document.length() + " characters (expected: at most 1 Mi)",
                    "use groups, and wildcards in domains");
        }
        try {
            return AccessRulesReader.parse("rules", document);
        } catch (InvalidConfigException e) {
            throw new StateException(
                    Code.INVALID, String.valueOf(e.getMessage()), "correct the rules", e);
        }
    }

    public PolicyEngine engine() {
        return engine;
    }

    /// Whether they stand in the configuration, where only its owner changes them.
    public boolean isConfigured() {
        return configured;
    }

    /// The newest of the state, null when there are none. Not in force while the configuration has rules.
    public @Nullable Applied applied() {
        return applied;
    }

    /// Told after each change. Must be quick.
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    /// Puts rules in force and keeps them.
    ///
    /// @param by whoever does it, as in the audit log
    /// @return the version
    public synchronized long apply(String document, String by) throws StateException {
        if (configured) {
            throw new StateException(
                    Code.CONFLICT,
                    "the edge's configuration has access rules (key access), and only they count",
                    "change them there and restart the edge, or take the key out first");
        }
        AccessRules rules = read(document);
        Applied old = applied;
        long version = old == null ? 1 : old.version() + 1;
        Applied next =
                new Applied(version, document, by, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        database.transaction(c -> {
            RulesTable.insert(c, next);
            return true;
        });
        engine = new PolicyEngine(rules);
        applied = next;
        listeners.forEach(Runnable::run);
        return version;
    }
}
