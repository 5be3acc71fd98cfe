package dev.culvert.plugin;

/// Collects what is wrong with a configuration, so that all of it is shown at once.
@FunctionalInterface
public interface Problems {
    /// @param key the configuration key at fault, relative to the rule: `service`,
    ///     `originRequest.caPool`
    /// @param problem one line: the value (shortened, no secret) and what was expected
    void add(String key, String problem);
}
