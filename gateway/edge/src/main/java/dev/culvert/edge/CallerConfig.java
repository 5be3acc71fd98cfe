package dev.culvert.edge;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is to be known of callers besides who they say they are. Immutable.
///
/// @param countryDatabase in MaxMind's format, null when no country is to be known
/// @param clientAuthorities PEM files of those who sign clients' certificates; empty to ask for none
public record CallerConfig(@Nullable Path countryDatabase, List<Path> clientAuthorities) {
    public static final CallerConfig NONE = new CallerConfig(null, List.of());

    public CallerConfig {
        clientAuthorities = List.copyOf(clientAuthorities);
    }
}
