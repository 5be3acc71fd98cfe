package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.ssh.edge.ca.AuthorityKey.Algorithm;
import dev.culvert.protocols.ssh.SshKeyType;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/// The keys of an authority that come and go together. Immutable.
///
/// @param since when it came to this state
record Generation(State state, Instant since, AuthorityKey ed25519, AuthorityKey ecdsa) {
    /// In the order that each goes through.
    enum State {
        /// Published, so that hosts learn it, and signs nothing.
        NEXT,
        SIGNING,
        /// Still published while what it has signed may be good. Its private keys are gone.
        RETIRED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Generation make(State state, Instant now) {
        return new Generation(
                state,
                now,
                AuthorityKey.make(Algorithm.ED25519),
                AuthorityKey.make(Algorithm.ECDSA));
    }

    Generation signing(Instant now) {
        return new Generation(State.SIGNING, now, ed25519, ecdsa);
    }

    Generation retired(Instant now) {
        return new Generation(State.RETIRED, now, ed25519.withoutSecret(), ecdsa.withoutSecret());
    }

    List<SshPublicKey> keys() {
        return List.of(ed25519.open(), ecdsa.open());
    }

    /// Which of them signs a key: whoever has such a key understands it. RSA goes with ECDSA, since where rules
    /// want RSA, Ed25519 is often not allowed.
    AuthorityKey signerFor(SshKeyType type) {
        return switch (type) {
            case ED25519, SK_ED25519 -> ed25519;
            case ECDSA_256, ECDSA_384, ECDSA_521, SK_ECDSA_256, RSA -> ecdsa;
        };
    }
}
