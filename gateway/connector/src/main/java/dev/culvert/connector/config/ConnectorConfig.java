package dev.culvert.connector.config;

import dev.culvert.connector.dial.EdgeSearch;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.connector.link.Protocol;
import dev.culvert.connector.link.ProtocolChoice;
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
/// @param search where the edges are and how to get there
/// @param operation what is for the operator only
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
        EdgeSearch search,
        Operation operation,
        ConfigSource source)
        implements AutoCloseable {

    /// How edges are dialled.
    ///
    /// @param addresses as named by `edge`; each copy counts, as with cloudflared
    /// @param caCert PEM file that replaces the system's roots, or null
    /// @param haConnections connections wanted, 1 to 16
    /// @param retries caps the back-off exponent, does not limit attempts
    /// @param rpcTimeout for the answer to a registration
    /// @param protocol the only one to use, or null for QUIC with HTTP/2 where it does not come through
    public record EdgeDialling(
            List<HostPort> addresses,
            @Nullable Path caCert,
            int haConnections,
            int retries,
            Duration rpcTimeout,
            @Nullable Protocol protocol) {
        public ProtocolChoice protocolChoice() {
            return protocol == null ? ProtocolChoice.auto() : ProtocolChoice.only(protocol);
        }
    }

    /// What the connector tells its operator, and how.
    ///
    /// @param prechecks look at everything needed when starting, and say what is missing
    /// @param postQuantum offer the edge only post-quantum key exchange
    /// @param dnsServer `HOST:PORT` asked for the edges' names, or null for the system's
    /// @param logFile also log there, or null
    /// @param logDirectory also log to files of limited size in there, or null
    /// @param json log lines are JSON objects
    /// @param transportLogLevel of connections and frames
    /// @param plugins directory of plugin jars, or null
    public record Operation(
            boolean prechecks,
            boolean postQuantum,
            @Nullable String dnsServer,
            @Nullable Path logFile,
            @Nullable Path logDirectory,
            boolean json,
            LogLevel transportLogLevel,
            @Nullable Path plugins) {}

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
