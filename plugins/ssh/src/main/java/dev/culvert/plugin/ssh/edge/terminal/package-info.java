/// The server's side of the browser's terminal: one WebSocket a session, and its files.
@NullMarked
package dev.culvert.plugin.ssh.edge.terminal;

import org.jspecify.annotations.NullMarked;
