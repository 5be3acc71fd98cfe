/// Signing in from the command line: the tokens of applications, where they are kept, and how they are got.
///
/// Loaded when a service asks for a login, and not before.
@NullMarked
package dev.culvert.access.login;

import org.jspecify.annotations.NullMarked;
