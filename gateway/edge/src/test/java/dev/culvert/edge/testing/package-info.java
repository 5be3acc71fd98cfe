/// Counterparts of an edge that other modules' tests use as well: a mail server, a certified provider.
package dev.culvert.edge.testing;
