package dev.culvert.connector.config;

import dev.culvert.config.InvalidConfigException;
import dev.culvert.connector.ingress.PluginCatalog;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The options of `connector run`, with cloudflared's names; a picocli mix-in. Everything is taken as
/// text and checked together with environment and file, so that all problems show at once. Confined to
/// one thread.
public final class ConnectorOptions {
    @Parameters(arity = "0..1", paramLabel = "TUNNEL", description = "UUID or name of the tunnel.")
    @Nullable String tunnel;

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration file.")
    @Nullable Path config;

    @Option(
            names = "--plugins",
            paramLabel = "DIR",
            description = "Directory of plugin jars (default: plugins/ of the installation).")
    @Nullable Path plugins;

    @Option(names = "--token", paramLabel = "TOKEN", description = "Token of the tunnel.")
    @Nullable String token;

    @Option(names = "--token-file", paramLabel = "FILE", description = "File with the token.")
    @Nullable String tokenFile;

    @Option(
            names = {"--credentials-file", "--cred-file"},
            paramLabel = "FILE",
            description = "Credentials file of the tunnel.")
    @Nullable String credentialsFile;

    @Option(
            names = "--credentials-contents",
            paramLabel = "JSON",
            description = "Content of a credentials file.")
    @Nullable String credentialsContents;

    @Option(
            names = "--origincert",
            paramLabel = "FILE",
            description = "Its directory is searched for credentials.")
    @Nullable String originCert;

    @Option(
            names = "--edge",
            paramLabel = "HOST:PORT",
            description = "Edge to dial; may be repeated.")
    @Nullable List<String> edge;

    @Option(
            names = "--edge-srv-domain",
            paramLabel = "DOMAIN",
            description = "Without --edge: find the edges by SRV records of this domain.")
    @Nullable String edgeSrvDomain;

    @Option(
            names = "--region",
            paramLabel = "NAME",
            description = "With --edge-srv-domain: only the edges of this region.")
    @Nullable String region;

    @Option(
            names = "--edge-dns-server",
            paramLabel = "HOST:PORT",
            description = "Asked for the edges' names in place of the system's name servers.")
    @Nullable String edgeDnsServer;

    @Option(
            names = "--edge-ip-version",
            paramLabel = "4|6|auto",
            description = "Addresses of the edges' names to use (default: auto).")
    @Nullable String edgeIpVersion;

    @Option(
            names = "--edge-bind-address",
            paramLabel = "IP",
            description = "Source address of the connections to the edge.")
    @Nullable String edgeBindAddress;

    @Option(
            names = {"--post-quantum", "--pq"},
            description = "Offer the edge only post-quantum key exchange.")
    boolean postQuantum;

    @Option(
            names = "--max-edge-addr-retries",
            paramLabel = "N",
            hidden = true,
            description = "No effect.")
    @Nullable String maxEdgeAddrRetries;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "PEM file of the roots trusted for the edge, in place of the system's.")
    @Nullable String caCert;

    @Option(
            names = {"--protocol", "-p"},
            paramLabel = "NAME",
            description = "auto (QUIC, else HTTP/2; the default), quic or http2.")
    @Nullable String protocol;

    @Option(
            names = "--ha-connections",
            paramLabel = "N",
            description = "Connections to the edge (default: 4).")
    @Nullable String haConnections;

    @Option(
            names = "--retries",
            paramLabel = "N",
            description = "Doublings of the pause between attempts (default: 5).")
    @Nullable String retries;

    @Option(
            names = "--rpc-timeout",
            paramLabel = "TIME",
            description = "Wait for the edge's answer to a registration (default: 5s).")
    @Nullable String rpcTimeout;

    @Option(
            names = "--grace-period",
            paramLabel = "TIME",
            description = "Time for open streams to finish on shutdown (default: 30s).")
    @Nullable String gracePeriod;

    @Option(
            names = "--metrics",
            paramLabel = "HOST:PORT",
            description = "Where metrics and readiness are served.")
    @Nullable String metrics;

    @Option(
            names = "--loglevel",
            paramLabel = "LEVEL",
            description = "debug, info, warn, error or fatal (default: info).")
    @Nullable String logLevel;

    @Option(
            names = "--transport-loglevel",
            paramLabel = "LEVEL",
            description = "The same for connections and frames (default: as --loglevel).")
    @Nullable String transportLogLevel;

    @Option(names = "--logfile", paramLabel = "FILE", description = "Log there too, as JSON.")
    @Nullable String logFile;

    @Option(
            names = "--log-directory",
            paramLabel = "DIR",
            description = "Log to files of limited size in there too, as JSON.")
    @Nullable String logDirectory;

    @Option(
            names = "--output",
            paramLabel = "default|json",
            description = "Form of the log on stderr.")
    @Nullable String output;

    @Option(names = "--pidfile", paramLabel = "FILE", description = "Written once registered.")
    @Nullable String pidFile;

    @Option(names = "--label", paramLabel = "TEXT", description = "Shown by the edge.")
    @Nullable String label;

    @Option(names = "--tag", paramLabel = "NAME=VALUE", description = "Sent with each request.")
    @Nullable List<String> tags;

    @Option(names = "--url", paramLabel = "URL", description = "One service for every host.")
    @Nullable String url;

    @Option(names = "--unix-socket", paramLabel = "PATH", description = "As --url unix:PATH.")
    @Nullable String unixSocket;

    @Option(names = "--hello-world", description = "Serve the built-in test page.")
    boolean helloWorld;

    @Option(
            names = "--bastion",
            description = "Lead where each client says (access --destination HOST:PORT).")
    boolean bastion;

    @Option(names = "--socks5", description = "With --url: clients speak SOCKS5 first.")
    boolean socks5;

    @Option(names = "--http-host-header", paramLabel = "HOST", description = "With --url.")
    @Nullable String httpHostHeader;

    @Option(names = "--origin-server-name", paramLabel = "HOST", description = "With --url.")
    @Nullable String originServerName;

    @Option(names = "--origin-ca-pool", paramLabel = "FILE", description = "With --url.")
    @Nullable String originCaPool;

    @Option(names = "--no-tls-verify", description = "With --url: accept any certificate.")
    boolean noTlsVerify;

    @Option(names = "--match-sni-to-host", description = "With --url: SNI is the request's host.")
    boolean matchSniToHost;

    @Option(names = "--http2-origin", description = "With --url: HTTP/2 where TLS agrees on it.")
    boolean http2Origin;

    @Option(
            names = "--no-chunked-encoding",
            description = "With --url: refuse bodies without a length.")
    boolean noChunkedEncoding;

    @Option(names = "--proxy-connect-timeout", paramLabel = "TIME", description = "With --url.")
    @Nullable String proxyConnectTimeout;

    @Option(names = "--proxy-tls-timeout", paramLabel = "TIME", description = "With --url.")
    @Nullable String proxyTlsTimeout;

    @Option(names = "--proxy-tcp-keepalive", paramLabel = "TIME", description = "With --url.")
    @Nullable String proxyTcpKeepAlive;

    @Option(names = "--proxy-no-happy-eyeballs", description = "With --url.")
    boolean proxyNoHappyEyeballs;

    @Option(names = "--proxy-keepalive-connections", paramLabel = "N", description = "With --url.")
    @Nullable String proxyKeepAliveConnections;

    @Option(names = "--proxy-keepalive-timeout", paramLabel = "TIME", description = "With --url.")
    @Nullable String proxyKeepAliveTimeout;

    @Option(names = "--no-autoupdate", hidden = true, description = "No effect.")
    boolean noAutoupdate;

    @Option(names = "--no-prechecks", description = "Start without looking at what is needed.")
    boolean noPrechecks;

    /// Reads everything there is and checks it. Blocking: reads files and loads plugins.
    ///
    /// @param environment of the process
    /// @param installedPlugins used without `--plugins`; null for the built-in ones only
    /// @throws InvalidConfigException with all that is wrong; then nothing is left open
    public ConnectorConfig load(Map<String, String> environment, @Nullable Path installedPlugins)
            throws InvalidConfigException {
        return new ConnectorConfigReader(this, environment, null)
                .read(plugins == null ? installedPlugins : plugins);
    }

    /// As [#load], with the given plugins.
    public ConnectorConfig loadWith(Map<String, String> environment, PluginCatalog plugins)
            throws InvalidConfigException {
        return new ConnectorConfigReader(this, environment, null).read(plugins);
    }

    /// What was given, by long name without dashes.
    Map<String, List<String>> given() {
        Map<String, List<String>> given = new LinkedHashMap<>();
        put(given, "tunnel", tunnel);
        put(given, "token", token);
        put(given, "token-file", tokenFile);
        put(given, "credentials-file", credentialsFile);
        put(given, "credentials-contents", credentialsContents);
        put(given, "origincert", originCert);
        put(given, "edge-srv-domain", edgeSrvDomain);
        put(given, "region", region);
        put(given, "edge-dns-server", edgeDnsServer);
        put(given, "edge-ip-version", edgeIpVersion);
        put(given, "edge-bind-address", edgeBindAddress);
        put(given, "post-quantum", postQuantum ? "true" : null);
        put(given, "no-prechecks", noPrechecks ? "true" : null);
        put(given, "transport-loglevel", transportLogLevel);
        put(given, "logfile", logFile);
        put(given, "log-directory", logDirectory);
        put(given, "output", output);
        put(given, "cacert", caCert);
        put(given, "protocol", protocol);
        put(given, "ha-connections", haConnections);
        put(given, "retries", retries);
        put(given, "rpc-timeout", rpcTimeout);
        put(given, "grace-period", gracePeriod);
        put(given, "metrics", metrics);
        put(given, "loglevel", logLevel);
        put(given, "pidfile", pidFile);
        put(given, "label", label);
        put(given, "url", url);
        put(given, "unix-socket", unixSocket);
        put(given, "hello-world", helloWorld ? "true" : null);
        put(given, "bastion", bastion ? "true" : null);
        put(given, "socks5", socks5 ? "true" : null);
        put(given, "http-host-header", httpHostHeader);
        put(given, "origin-server-name", originServerName);
        put(given, "origin-ca-pool", originCaPool);
        put(given, "no-tls-verify", noTlsVerify ? "true" : null);
        put(given, "match-sni-to-host", matchSniToHost ? "true" : null);
        put(given, "http2-origin", http2Origin ? "true" : null);
        put(given, "no-chunked-encoding", noChunkedEncoding ? "true" : null);
        put(given, "proxy-connect-timeout", proxyConnectTimeout);
        put(given, "proxy-tls-timeout", proxyTlsTimeout);
        put(given, "proxy-tcp-keepalive", proxyTcpKeepAlive);
        put(given, "proxy-no-happy-eyeballs", proxyNoHappyEyeballs ? "true" : null);
        put(given, "proxy-keepalive-connections", proxyKeepAliveConnections);
        put(given, "proxy-keepalive-timeout", proxyKeepAliveTimeout);
        given.put("edge", edge == null ? List.of() : edge);
        given.put("tag", tags == null ? List.of() : tags);
        return given;
    }

    private static void put(Map<String, List<String>> given, String key, @Nullable String value) {
        if (value != null) {
            given.put(key, List.of(value));
        }
    }
}
