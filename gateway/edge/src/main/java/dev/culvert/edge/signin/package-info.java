/// Signing in at the auth host: the ways in, each a login method, and their configuration.
@NullMarked
package dev.culvert.edge.signin;

import org.jspecify.annotations.NullMarked;
