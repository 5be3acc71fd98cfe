package dev.culvert.edge.admission;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.web.Networks;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Recorded decisions in use. A decision is written down before the first request it lets in, and again
/// every five minutes while it is used; requests in between are counted. When a use is over, its counts
/// are written down too.
///
/// Thread-safe. Never blocks.
final class Uses {
    private static final int MAX = 50_000;

    private final AuditLog audit;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /// @param use completes when it is written down, exceptionally when it cannot be
    private record Entry(
            Principal principal, String application, Visitor visitor, CompletableFuture<Use> use) {}

    /// What a use needs to begin, off the event loop.
    interface Beginning {
        /// Signs and records. The use counts once the future completes.
        CompletableFuture<Use> begin();
    }

    Uses(AuditLog audit) {
        this.audit = audit;
    }

    /// Of nobody in particular there is one use a network: an IPv6 client has more addresses than there is
    /// room.
    static String key(Principal principal, String aud, String policy, Visitor visitor) {
        String from =
                principal instanceof Principal.Anyone
                        ? Networks.of(visitor.text())
                        : visitor.text();
        return principal.key() + ' ' + aud + ' ' + from + ' ' + policy;
    }

    /// The use under a key, when it is written down and fresh.
    @Nullable Use find(String key, Instant now) {
        Entry entry = entries.get(key);
        Use use =
                entry == null || entry.use().isCompletedExceptionally()
                        ? null
                        : entry.use().getNow(null);
        return use == null || !use.until().isAfter(now) ? null : use;
    }

    /// The use that begins under a key, by one request for all that wait for it.
    CompletableFuture<Use> begin(
            String key,
            Principal principal,
            String application,
            Visitor visitor,
            Instant now,
            Beginning beginning) {
        CompletableFuture<Use> mine = new CompletableFuture<>();
        Entry made = new Entry(principal, application, visitor, mine);
        Entry kept =
                entries.compute(
                        key,
                        (same, known) ->
                                known != null && isPending(known) ? known : replace(known, made));
        if (kept != made) {
            return kept.use();
        }
        evict(now);
        beginning
                .begin()
                .whenComplete((use, failure) -> {
                    if (failure != null) {
                        entries.remove(key, made);
                        mine.completeExceptionally(failure);
                    } else {
                        mine.complete(use);
                    }
                });
        return mine;
    }

    private static boolean isPending(Entry entry) {
        return !entry.use().isDone();
    }

    private Entry replace(@Nullable Entry old, Entry made) {
        if (old != null) {
            over(old);
        }
        return made;
    }

    private void evict(Instant now) {
        if (entries.size() > MAX) {
            sweep(now);
        }
        var oldest = entries.entrySet().iterator();
        while (entries.size() > MAX && oldest.hasNext()) {
            Map.Entry<String, Entry> entry = oldest.next();
            if (!isPending(entry.getValue()) && entries.remove(entry.getKey(), entry.getValue())) {
                over(entry.getValue());
            }
        }
    }

    /// Writes down the uses that are over. To be called each minute.
    void sweep(Instant now) {
        entries.forEach((key, entry) -> {
            Use use = entry.use().isCompletedExceptionally() ? null : entry.use().getNow(null);
            if (use != null && !use.until().isAfter(now) && entries.remove(key, entry)) {
                over(entry);
            }
        });
    }

    /// Writes down all of them, when the edge stops.
    void close() {
        entries.forEach((key, entry) -> {
            if (entries.remove(key, entry)) {
                over(entry);
            }
        });
    }

    private void over(Entry entry) {
        Use use = entry.use().isCompletedExceptionally() ? null : entry.use().getNow(null);
        if (use == null) {
            return;
        }
        audit.record(
                AuditEvent.of(AuditEvent.Kind.USE, entry.principal().actor(), "ended")
                        .application(entry.application(), null)
                        .from(entry.visitor().text(), entry.visitor().country())
                        .detail(
                                "requests",
                                use.requests(),
                                "bytes_up",
                                use.up(),
                                "bytes_down",
                                use.down())
                        .build());
    }
}
