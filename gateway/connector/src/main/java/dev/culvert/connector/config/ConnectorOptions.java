package dev.culvert.connector.config;

import dev.culvert.config.InvalidConfigException;
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
            description = "Edge to dial; once for each connection wanted.")
    @Nullable List<String> edge;

    @Option(
            names = "--cacert",
            paramLabel = "FILE",
            description = "PEM file of the roots trusted for the edge, in place of the system's.")
    @Nullable String caCert;

    @Option(
            names = {"--protocol", "-p"},
            paramLabel = "NAME",
            description = "http2; auto and quic use http2 for now.")
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

    @Option(names = "--no-autoupdate", hidden = true, description = "No effect.")
    boolean noAutoupdate;

    @Option(names = "--no-prechecks", hidden = true, description = "No effect.")
    boolean noPrechecks;

    /// Reads everything there is and checks it. Blocking: reads files and loads plugins.
    ///
    /// @param environment of the process
    /// @param installedPlugins used without `--plugins`; null for the built-in ones only
    /// @throws InvalidConfigException with all that is wrong; then nothing is left open
    public ConnectorConfig load(Map<String, String> environment, @Nullable Path installedPlugins)
            throws InvalidConfigException {
        return new ConnectorConfigReader(this, environment)
                .read(plugins == null ? installedPlugins : plugins);
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
