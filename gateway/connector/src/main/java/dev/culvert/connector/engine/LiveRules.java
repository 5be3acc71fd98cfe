package dev.culvert.connector.engine;

import dev.culvert.transport.StreamTarget;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules in force, exchanged as a whole while streams run: new streams use the new ones, those that
/// are open finish under the old ones, whose origins are closed after the last.
///
/// Thread-safe: a stream reads one reference; exchanges take turns.
public final class LiveRules implements StreamRouter.Rules, AutoCloseable {
    /// After the end: nothing matches.
    private static final StreamRouter.Rules NONE = (host, path) -> null;

    private volatile OriginTargets current;
    private volatile boolean closed;

    /// Replaced ones that still have streams; never more than there are streams.
    private final List<OriginTargets> draining = new ArrayList<>();

    public LiveRules(OriginTargets first) {
        current = first;
    }

    public OriginTargets current() {
        return current;
    }

    /// Replaces the rules. The origins of the new ones have been started.
    ///
    /// @return false after the end; the new ones are closed then
    public synchronized boolean replace(OriginTargets next) {
        if (closed) {
            next.close();
            return false;
        }
        OriginTargets old = current;
        current = next;
        draining.add(old);
        old.leave();
        draining.removeIf(OriginTargets::isClosed);
        return true;
    }

    /// Replaced sets of rules under which streams still run.
    public synchronized int draining() {
        draining.removeIf(OriginTargets::isClosed);
        return draining.size();
    }

    @Override
    public StreamRouter.Rules enter() {
        while (!closed) {
            OriginTargets now = current;
            // Not entered when it was replaced and closed since it was read: the next one is there.
            if (now.tryEnter()) {
                return now;
            }
        }
        return NONE;
    }

    @Override
    public @Nullable StreamTarget match(String host, String path) {
        return current.match(host, path);
    }

    /// Closes the origins of all rules. No stream runs any more.
    @Override
    public synchronized void close() {
        closed = true;
        draining.forEach(OriginTargets::close);
        draining.clear();
        current.close();
    }
}
