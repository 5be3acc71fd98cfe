/// End-to-end tests: the shipped programs as child processes, with the real programs people use them with.
///
/// `Programs` starts and stops everything; what a test starts ends with the test, what `@BeforeAll` starts
/// ends with the class. Logs lie in `target/e2e/` and are printed when a test fails.
@NullMarked
package dev.culvert.gateway.e2e;

import org.jspecify.annotations.NullMarked;
