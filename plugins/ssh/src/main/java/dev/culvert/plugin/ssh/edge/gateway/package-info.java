/// The gateway for stock SSH clients: who comes in, and the relay between their sessions and those at hosts. See
/// `docs/ssh.md`.
@NullMarked
package dev.culvert.plugin.ssh.edge.gateway;

import org.jspecify.annotations.NullMarked;
