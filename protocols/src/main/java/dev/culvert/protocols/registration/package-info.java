/// The conversation by which a connector registers a connection with an edge, on the first stream of
/// that connection: its records and both ends as state machines, bytes in, bytes and events out.
///
/// ```
/// connector                                   edge
///   bootstrap, registerConnection  ──────────▶
///                                  ◀──────────  capability, ConnectionDetails or ConnectionError
///   updateLocalConfiguration       ──────────▶  (index 0, locally configured only)
///                                  ◀──────────  accepted
///   unregisterConnection           ──────────▶  (before it stops)
///                                  ◀──────────  done
///   finish, release, abort         ──────────▶
/// ```
///
/// Source: `tunnelrpc.capnp` of cloudflared 2026.8.2, interface `RegistrationServer`.
@NullMarked
package dev.culvert.protocols.registration;

import org.jspecify.annotations.NullMarked;
