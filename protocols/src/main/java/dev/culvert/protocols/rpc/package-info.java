/// The messages of Cap'n Proto RPC that tunnels use: one record per message, encode and decode
/// beside its fields. Numbers of questions, answers and capabilities are unsigned 32 bits in an int.
///
/// Source: `rpc.capnp` of Cap'n Proto, level 1; tags and layouts as cloudflared 2026.8.2 sends them.
@NullMarked
package dev.culvert.protocols.rpc;

import org.jspecify.annotations.NullMarked;
