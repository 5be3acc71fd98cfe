/// The edge's half of the SSH plugin: the browser's terminal, the gateway, certificates. A connector loads
/// none of it. See `docs/ssh.md`.
@NullMarked
package dev.culvert.plugin.ssh.edge;

import org.jspecify.annotations.NullMarked;
