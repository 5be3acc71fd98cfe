/// How tunnels and routes are managed: the edge's admin endpoint, and those who call it.
@NullMarked
package dev.culvert.edge.admin;

import org.jspecify.annotations.NullMarked;
