package dev.culvert.connector.config;

import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.protocols.credentials.TunnelCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything `connector run` needs, checked. Immutable; [#close()] closes the origins and plugins,
/// which the caller owns.
///
/// @param file the configuration file that was read, or null
/// @param credentials of the tunnel to run
/// @param metrics where metrics and readiness listen; null for the default
/// @param pidFile written after the first registration, or null
/// @param label shown by the edge, or null
/// @param notes lines for the log: what was accepted without an effect
/// @param source reads it again
public record ConnectorConfig(
        @Nullable Path file,
        TunnelCredentials credentials,
        EdgeDialling edge,
        Duration gracePeriod,
        @Nullable HostPort metrics,
        LogLevel logLevel,
        @Nullable Path pidFile,
        @Nullable String label,
        List<Tag> tags,
        Ingress ingress,
        PluginCatalog plugins,
        List<String> notes,
        ConfigSource source)
        implements AutoCloseable {

    /// How edges are dialled.
    ///
    /// @param addresses at least one; each copy counts, as with cloudflared
    /// @param caCert PEM file that replaces the system's roots, or null
    /// @param haConnections connections wanted, 1 to 16
    /// @param retries caps the back-off exponent, does not limit attempts
    /// @param rpcTimeout for the answer to a registration
    public record EdgeDialling(
            List<HostPort> addresses,
            @Nullable Path caCert,
            int haConnections,
            int retries,
            Duration rpcTimeout) {}

    /// A `--tag NAME=VALUE`.
    public record Tag(String name, String value) {}

    /// cloudflared's names; `FATAL` and `PANIC` log as `ERROR`.
    public enum LogLevel {
        DEBUG,
        INFO,
        WARN,
        ERROR
    }

    @Override
    public void close() {
        ingress.close();
        plugins.close();
    }
}
