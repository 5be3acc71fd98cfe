/// Cap'n Proto messages, unpacked: framing, values, and a writer of single-segment messages.
///
/// A message is decoded at once into an immutable tree of [dev.culvert.protocols.capnp.Value]s, so
/// every bound is checked in one place and what is read later cannot fail on a pointer. Trees are
/// written depth first, in the order of the pointers, which is also what most other writers do.
///
/// Source: Cap'n Proto encoding specification, `capnproto.org/encoding.html`.
@NullMarked
package dev.culvert.protocols.capnp;

import org.jspecify.annotations.NullMarked;
