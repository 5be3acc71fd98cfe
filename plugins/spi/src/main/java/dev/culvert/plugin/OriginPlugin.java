package dev.culvert.plugin;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries one kind of service from the connector to its origin.
///
/// Found by [java.util.ServiceLoader]: the constructor takes no argument and has no side effect.
///
/// Life of an origin: **find** (the loader) → **configure** (pure, reports all problems) → **start**
/// → **open** (once a stream, by the connector, after what [Origin] describes) → **drain** (streams
/// finish) → **close**.
///
/// Thread-safe: `configure` may run while origins made earlier are in use (reload).
public interface OriginPlugin {
    /// Stable, lower case; shown in logs and metrics.
    String name();

    /// What this plugin answers for: a URL scheme (`ssh`) or a service word without an address
    /// (`hello_world`). Lower case. Two plugins with one scheme are a start-up error.
    Set<String> schemes();

    /// Checks one `service:` and makes its origin. Opens no socket and starts no thread.
    ///
    /// @return the origin, or null when a problem was reported
    @Nullable Origin configure(ServiceSpec service, Problems problems);
}
