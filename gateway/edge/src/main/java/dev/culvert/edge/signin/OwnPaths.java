package dev.culvert.edge.signin;

import org.jspecify.annotations.Nullable;

/// Answers of plugins on the auth host, to anybody. Thread-safe.
@FunctionalInterface
public interface OwnPaths {
    /// What such paths begin with.
    String BEGIN = "/cdn-cgi/access/";

    /// @param path what follows [#BEGIN], without query
    /// @return null when there is none
    @Nullable Section section(String path);
}
