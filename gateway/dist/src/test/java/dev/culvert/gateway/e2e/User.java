package dev.culvert.gateway.e2e;

import java.util.List;

/// Who runs the tests.
final class User {
    static final String NAME = System.getProperty("user.name");

    private User() {}

    static boolean isRoot() {
        return NAME.equals("root");
    }

    /// What to put before a program that refuses to run as root.
    static List<String> other() {
        return isRoot()
                ? List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups")
                : List.of();
    }
}
