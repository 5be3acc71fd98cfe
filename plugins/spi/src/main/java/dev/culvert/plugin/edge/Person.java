package dev.culvert.plugin.edge;

import java.util.UUID;

/// Somebody who has signed in, by a session that was alive when this was made. Immutable.
///
/// @param session the global session: when it ends, everything of it does
/// @param identity stable for the life of the account
/// @param email in lower case
public record Person(UUID session, String identity, String email) {}
