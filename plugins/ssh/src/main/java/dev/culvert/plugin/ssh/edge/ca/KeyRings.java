package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.ssh.SshCertificate.Use;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;

/// The authorities' keys where they are kept, sealed; read anew each time, so that all edges of one state sign with
/// the same.
///
/// Thread-safe. Blocking. Changes of two edges in the same moment are not ordered: the later one counts.
final class KeyRings {
    /// Longest life of users' certificates: `certificate_life` allows no more.
    static final Duration LONGEST_OF_USERS = Duration.ofHours(24);

    /// Of hosts' certificates.
    static final Duration LONGEST_OF_HOSTS = Duration.ofDays(400);

    private static final String KIND = "authority";

    private final PluginStore store;
    private final InstantSource clock;

    KeyRings(PluginStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Next keys, or those that sign from now on, in the place of what there is.
    interface Change {
        KeyRing of(KeyRing ring) throws RefusedException;
    }

    /// As it is now; made when it is asked for the first time.
    KeyRing of(Use use) throws RefusedException {
        try {
            byte[] kept = store.get(KIND, key(use)).orElse(null);
            if (kept == null) {
                byte[] fresh = KeyRing.begin(clock.instant()).encode();
                kept = store.putIfAbsent(KIND, key(use), fresh, true);
            }
            return KeyRing.decode(kept).trusted(clock.instant(), longest(use));
        } catch (IOException | ProtocolException e) {
            throw unavailable(e);
        }
    }

    synchronized KeyRing change(Use use, Change change) throws RefusedException {
        KeyRing changed = change.of(of(use));
        try {
            store.put(KIND, key(use), changed.encode(), true);
            return changed;
        } catch (IOException e) {
            throw unavailable(e);
        }
    }

    static Duration longest(Use use) {
        return switch (use) {
            case USER -> LONGEST_OF_USERS;
            case HOST -> LONGEST_OF_HOSTS;
        };
    }

    private static String key(Use use) {
        return use.name().toLowerCase(Locale.ROOT);
    }

    private static RefusedException unavailable(Exception cause) {
        RefusedException refused =
                new RefusedException(
                        "authority_unavailable",
                        "the keys that sign SSH certificates cannot be read or written",
                        "look into the edge's log: its state, or the key of its secrets");
        refused.initCause(cause);
        return refused;
    }
}
