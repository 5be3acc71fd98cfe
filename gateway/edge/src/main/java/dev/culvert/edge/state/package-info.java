/// What the edge remembers: tunnels, routes and settings, in SQLite under one state directory that one
/// process owns at a time. See `docs/architecture.md`, "Who owns the state".
@NullMarked
package dev.culvert.edge.state;

import org.jspecify.annotations.NullMarked;
