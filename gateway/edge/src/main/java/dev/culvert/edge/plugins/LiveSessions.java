package dev.culvert.edge.plugins;

import dev.culvert.plugin.edge.EdgeServices.Shown;
import dev.culvert.plugin.edge.LiveSession;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The sessions that plugins let administrators see, while they run. Thread-safe.
public final class LiveSessions {
    private final Map<String, LiveSession> running = new ConcurrentHashMap<>();

    public Shown show(LiveSession session) {
        String id = session.id();
        if (running.putIfAbsent(id, session) != null) {
            throw new IllegalStateException("shown twice: " + id);
        }
        return () -> running.remove(id, session);
    }

    /// The newest first.
    public List<LiveSession> all() {
        return running.values().stream()
                .sorted(Comparator.comparing(LiveSession::startedAt).reversed())
                .toList();
    }

    public @Nullable LiveSession get(String id) {
        return running.get(id);
    }
}
