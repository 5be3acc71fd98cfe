/// Tunnels whose far end is in a test's hands.
package dev.culvert.edge.tunnel;
