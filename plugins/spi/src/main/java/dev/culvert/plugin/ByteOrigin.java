package dev.culvert.plugin;

import org.jspecify.annotations.Nullable;

/// An origin that takes and gives plain bytes: the connector dials [#endpoint()] and pumps on its
/// event loops; the plugin only looks at the first bytes.
///
/// Bytes an inspector has not yet accepted are held back from the side they go to; bytes of the other
/// direction flow meanwhile, since in SSH either side may speak first.
public non-sealed interface ByteOrigin extends Origin {
    Endpoint endpoint();

    DialSettings dialling();

    /// A new inspector for what the client sends, or null to let anything pass.
    default @Nullable FirstBytes clientFirst() {
        return null;
    }

    /// A new inspector for what the origin sends, or null to let anything pass.
    default @Nullable FirstBytes originFirst() {
        return null;
    }
}
