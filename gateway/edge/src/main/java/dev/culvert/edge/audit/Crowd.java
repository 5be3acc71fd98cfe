package dev.culvert.edge.audit;

import dev.culvert.edge.web.Networks;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events that anybody can cause at will, such as refusals. Of each source, [#AT_ONCE] are written at once and
/// then one a second; what is beyond is counted, and becomes one event when the counts are taken.
///
/// A source is a network with a kind and an outcome. [#MAX_SOURCES] are told apart until their allowances are
/// whole again; the networks that come after those have one together.
///
/// Thread-safe. Never blocks.
final class Crowd {
    static final int AT_ONCE = 60;
    static final int MAX_SOURCES = 1000;
    private static final Duration EACH = Duration.ofSeconds(1);

    private final InstantSource clock;
    private final Map<Source, Share> shares = new HashMap<>();

    /// @param network as in [Networks], empty for all that are not told apart
    private record Source(String network, AuditEvent.Kind kind, String outcome) {
        static Source of(AuditEvent event) {
            String address = event.address();
            return new Source(
                    address == null ? "" : Networks.of(address), event.kind(), event.outcome());
        }

        Source elsewhere() {
            return new Source("", kind, outcome);
        }

        /// @param last one of those that are counted
        AuditEvent counted(AuditEvent last, long count) {
            AuditEvent.Builder event = AuditEvent.of(kind, "anyone", outcome).detail("more", count);
            return (network.isEmpty() ? event : event.from(last.address(), last.country())).build();
        }
    }

    /// Guarded by the crowd.
    private static final class Share {
        /// When the allowance is whole again.
        private Instant whole = Instant.MIN;

        /// How many were not written.
        private long more;

        private @Nullable AuditEvent last;
    }

    Crowd(InstantSource clock) {
        this.clock = clock;
    }

    /// Whether an event is to be written; else it counts.
    synchronized boolean admits(AuditEvent event) {
        Instant now = clock.instant();
        Share share = share(Source.of(event));
        Instant whole = (share.whole.isBefore(now) ? now : share.whole).plus(EACH);
        if (whole.isAfter(now.plus(EACH.multipliedBy(AT_ONCE)))) {
            share.more++;
            share.last = event;
            return false;
        }
        share.whole = whole;
        return true;
    }

    private Share share(Source source) {
        Share known = shares.get(source);
        if (known != null) {
            return known;
        }
        Source told = shares.size() < MAX_SOURCES ? source : source.elsewhere();
        return shares.computeIfAbsent(told, made -> new Share());
    }

    /// What was only counted since the last time.
    synchronized List<AuditEvent> takeCounts() {
        List<AuditEvent> events = new ArrayList<>();
        shares.forEach((source, share) -> {
            if (share.last != null) {
                events.add(source.counted(share.last, share.more));
                share.last = null;
                share.more = 0;
            }
        });
        Instant now = clock.instant();
        shares.values().removeIf(share -> !share.whole.isAfter(now));
        return events;
    }
}
