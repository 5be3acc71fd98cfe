package dev.culvert.gateway.launch;

import java.util.List;

/// What a script that ended left behind.
///
/// Immutable.
record Finished(long pid, int exit, String stdout, String stderr) {

    /// The arguments the stand-in for Java was started with.
    List<String> javaArguments() {
        return stdout.lines()
                .filter(line -> line.startsWith("argument "))
                .map(line -> line.substring("argument ".length()))
                .toList();
    }
}
