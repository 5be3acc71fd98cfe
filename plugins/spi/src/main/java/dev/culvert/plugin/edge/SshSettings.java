package dev.culvert.plugin.edge;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/// What an application's key `ssh` says. Immutable.
///
/// @param gateway how the SSH gateway carries a connection that names this host as the target of `-J`
/// @param recording of sessions that the edge terminates
/// @param certificateLife of certificates for users, 1 min to 24 h, never longer than their session
/// @param hostKeys that the host may show: `ssh-ed25519 AAAA…` or `SHA256:…`; empty for any authority's
///     or, without those, the one that is trusted on first use
/// @param hostAuthorities public keys that sign host certificates of this host
public record SshSettings(
        Passage gateway,
        Recording recording,
        Duration certificateLife,
        List<String> hostKeys,
        List<String> hostAuthorities) {
    public static final SshSettings DEFAULT =
            new SshSettings(
                    Passage.AUDITED,
                    Recording.BEST_EFFORT,
                    Duration.ofMinutes(5),
                    List.of(),
                    List.of());

    public SshSettings {
        hostKeys = List.copyOf(hostKeys);
        hostAuthorities = List.copyOf(hostAuthorities);
    }

    public enum Passage {
        /// The edge is the SSH server, and a client of the host.
        AUDITED,
        /// End to end: the edge sees ciphertext, and nothing is recorded.
        PASSTHROUGH;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public enum Recording {
        OFF,
        /// A session goes on when its recording cannot be written; what is missing is marked.
        BEST_EFFORT,
        /// No session without a recording: it is not begun, or ends.
        REQUIRED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
