/// The edge as a client of hosts: whose key a host shows, how its user signs in, what went wrong.
@NullMarked
package dev.culvert.plugin.ssh.edge.host;

import org.jspecify.annotations.NullMarked;
