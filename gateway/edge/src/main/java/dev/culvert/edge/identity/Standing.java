package dev.culvert.edge.identity;

import dev.culvert.policy.Identity;
import java.time.Instant;

/// What the edge's accounts say of somebody who has proven an identity. Thread-safe. Never blocks.
public interface Standing {
    /// Whether they may administer the edge: as an enabled admin, by the account here. Other ways in do not
    /// vouch for admins.
    boolean isAdmin(Identity identity);

    /// Whether the account behind an identity was changed after a moment: disabled, deleted, given another
    /// password, or anything else. What was proven before counts no more then. False for identities of
    /// others, and for changes before this process began.
    boolean changedSince(Identity identity, Instant moment);
}
