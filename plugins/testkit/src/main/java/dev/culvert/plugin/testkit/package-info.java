/// The contract every plugin passes: its origins, carried by the connector's own engine, against
/// scripted peers on real sockets. See `docs/plugins.md`.
@NullMarked
package dev.culvert.plugin.testkit;

import org.jspecify.annotations.NullMarked;
