package dev.culvert.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

/// What a program that ended left behind. Immutable.
record Finished(String command, int exit, String stdout, String stderr) {

    /// Its standard output, after it has been seen to end well.
    String output() {
        expectExit(0);
        return stdout;
    }

    Finished expectExit(int wanted) {
        assertThat(exit).as(this::toString).isEqualTo(wanted);
        return this;
    }

    @Override
    public String toString() {
        return command
                + "\nexit "
                + exit
                + "\n--- stdout\n"
                + shortened(stdout)
                + "\n--- stderr\n"
                + shortened(stderr);
    }

    private static String shortened(String text) {
        return text.length() > 4000 ? text.substring(0, 4000) + "..." : text;
    }
}
