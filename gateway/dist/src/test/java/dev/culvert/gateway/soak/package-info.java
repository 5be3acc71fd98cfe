/// Load and faults against the shipped programs: `bin/soak`, and small in the test suite ([SoakIT]).
/// Everything but the tests uses the JDK alone, so that `bin/soak` starts it from source.
package dev.culvert.gateway.soak;
