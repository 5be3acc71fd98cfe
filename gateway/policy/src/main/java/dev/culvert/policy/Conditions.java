package dev.culvert.policy;

import java.util.List;
import java.util.stream.Stream;

/// Holds when one of `include` holds, all of `require` do, and none of `exclude` does. Immutable.
///
/// @param include not empty
public record Conditions(List<Selector> include, List<Selector> require, List<Selector> exclude) {
    public Conditions {
        include = List.copyOf(include);
        require = List.copyOf(require);
        exclude = List.copyOf(exclude);
    }

    Stream<Selector> all() {
        return Stream.of(include, require, exclude).flatMap(List::stream);
    }
}
