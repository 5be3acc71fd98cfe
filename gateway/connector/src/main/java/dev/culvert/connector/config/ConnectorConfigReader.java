package dev.culvert.connector.config;

import dev.culvert.config.ConfigMap;
import dev.culvert.config.InvalidConfigException;
import dev.culvert.config.ProblemList;
import dev.culvert.config.Shown;
import dev.culvert.config.YamlFile;
import dev.culvert.connector.config.ConnectorConfig.EdgeDialling;
import dev.culvert.connector.config.ConnectorConfig.LogLevel;
import dev.culvert.connector.config.ConnectorConfig.Operation;
import dev.culvert.connector.config.ConnectorConfig.Tag;
import dev.culvert.connector.dial.EdgeSearch;
import dev.culvert.connector.ingress.CaFile;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressReader;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.connector.link.Protocol;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import dev.culvert.protocols.credentials.TunnelCredentials;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads a [ConnectorConfig]; one object a reading. Confined to one thread, blocking.
final class ConnectorConfigReader {
    static final int MAX_EDGES = 64;
    private static final int MAX_TAGS = 32;
    private static final Duration MIN_TIMEOUT = Duration.ofMillis(1);
    private static final Pattern TAG_NAME = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final ProblemList problems = new ProblemList();
    private final List<String> notes = new ArrayList<>();
    private final List<Path> directories;
    private final ConnectorOptions options;
    private final Map<String, String> environment;
    private @Nullable Path pluginDirectory;
    private final @Nullable ConnectorConfig running;
    private final @Nullable Path path;
    private final ConfigMap file;
    private final Layers layers;

    /// @param running the configuration in force, to be read again; null at the start. Its file, plugins
    ///     and credentials stay.
    ConnectorConfigReader(
            ConnectorOptions options,
            Map<String, String> environment,
            @Nullable ConnectorConfig running) {
        this.options = options;
        this.environment = environment;
        this.running = running;
        directories = directories(environment);
        path =
                running != null
                        ? running.file()
                        : options.config != null ? options.config : search(directories);
        ConfigMap read = path == null ? null : YamlFile.read(path, problems);
        file =
                read != null
                        ? read
                        : Objects.requireNonNull(
                                YamlFile.parse("configuration", "", problems), "empty text");
        layers = new Layers(options.given(), environment, file, problems);
    }

    /// Where cloudflared looks for its configuration and credentials, in its order.
    static List<Path> directories(Map<String, String> environment) {
        List<Path> directories = new ArrayList<>();
        String home = environment.getOrDefault("HOME", "");
        if (!home.isEmpty()) {
            directories.add(Path.of(home, ".cloudflared"));
            directories.add(Path.of(home, ".cloudflare-warp"));
            directories.add(Path.of(home, "cloudflare-warp"));
        }
        directories.add(Path.of("/etc/cloudflared"));
        directories.add(Path.of("/usr/local/etc/cloudflared"));
        return directories;
    }

    static @Nullable Path search(List<Path> directories) {
        for (Path directory : directories) {
            for (String name : new String[] {"config.yml", "config.yaml"}) {
                if (Files.isRegularFile(directory.resolve(name))) {
                    return directory.resolve(name);
                }
            }
        }
        return null;
    }

    ConnectorConfig read(@Nullable Path directory) throws InvalidConfigException {
        pluginDirectory = directory;
        return read(PluginCatalog.load(directory, problems));
    }

    ConnectorConfig read(PluginCatalog plugins) throws InvalidConfigException {
        Ingress ingress = ingress(plugins);
        TunnelCredentials credentials = credentials();
        EdgeDialling edge = edge();
        OperationReader operations = new OperationReader(layers, problems, notes::add, environment);
        EdgeSearch search = operations.search(edge.addresses(), credentials);
        Duration gracePeriod =
                layers.duration(
                        "grace-period",
                        "TUNNEL_GRACE_PERIOD",
                        Duration.ofSeconds(30),
                        Duration.ZERO,
                        Duration.ofMinutes(3));
        HostPort metrics = metrics();
        LogLevel logLevel =
                layers.choice("loglevel", "TUNNEL_LOGLEVEL", LogLevel.INFO, OperationReader.LEVELS);
        Operation operation = operations.operation(logLevel, pluginDirectory);
        Path pidFile = path("pidfile", "TUNNEL_PIDFILE");
        String label = layers.text("label", "");
        List<Tag> tags = tags();
        OtherKeys.check(file, notes::add);
        file.finish();
        if (!problems.isEmpty() || credentials == null) {
            ingress.close();
            if (running == null) {
                plugins.close();
            }
            throw new InvalidConfigException(problems.problems());
        }
        return new ConnectorConfig(
                path,
                credentials,
                edge,
                gracePeriod,
                metrics,
                logLevel,
                pidFile,
                label,
                tags,
                ingress,
                plugins,
                List.copyOf(notes),
                search,
                operation,
                new ConfigSource(options, environment, file.valueHashes()));
    }

    /// Where the secret came from may be gone by the time of a reload, and need not be there.
    private @Nullable TunnelCredentials credentials() {
        String tunnel = layers.text("tunnel", "");
        if (running != null) {
            file.accept(CredentialsSource.KEYS);
            return running.credentials();
        }
        return new CredentialsSource(layers, directories, notes::add).find(tunnel);
    }

    private Ingress ingress(PluginCatalog plugins) {
        IngressReader reader = new IngressReader(plugins, notes::add);
        OriginRequest defaults = reader.defaults(file);
        OriginRequest request = singleOriginRequest(defaults);
        String url = layers.text("url", "TUNNEL_URL");
        String socket = layers.text("unix-socket", "TUNNEL_UNIX_SOCKET");
        boolean hello = layers.bool("hello-world", "TUNNEL_HELLO_WORLD");
        boolean bastion = layers.bool("bastion", "TUNNEL_BASTION");
        boolean socks = layers.bool("socks5", "TUNNEL_SOCKS");
        SingleService single = SingleService.of(hello, bastion, url, socket);
        if (file.has("ingress")) {
            if (single != null && layers.isOption(single.key())) {
                problems.add(
                        Layers.COMMAND_LINE,
                        "--" + single.key(),
                        "the configuration has ingress rules (expected: one of both)");
            } else if (single != null) {
                notes.add(single.key() + " is ignored: there are ingress rules");
            }
            return reader.read(file, defaults);
        }
        if (single != null) {
            return reader.single(
                    single.service(),
                    request,
                    socks,
                    (field, problem) -> layers.problem(single.key(), single.variable(), problem));
        }
        notes.add("there are no ingress rules: every request is answered 503");
        return Ingress.empty();
    }

    /// What the options for a single service make of the top-level `originRequest`.
    OriginRequest singleOriginRequest(OriginRequest top) {
        String host = layers.text("http-host-header", "TUNNEL_HTTP_HOST_HEADER");
        String name = layers.text("origin-server-name", "TUNNEL_ORIGIN_SERVER_NAME");
        Path roots = caFile("origin-ca-pool", "TUNNEL_ORIGIN_CA_POOL");
        boolean noVerify = layers.bool("no-tls-verify", "NO_TLS_VERIFY");
        checkWord("http-host-header", "TUNNEL_HTTP_HOST_HEADER", host);
        checkWord("origin-server-name", "TUNNEL_ORIGIN_SERVER_NAME", name);
        return new OriginRequest(
                proxyTime(
                        "proxy-connect-timeout",
                        top.connectTimeout(),
                        MIN_TIMEOUT,
                        Duration.ofHours(1)),
                proxyTime("proxy-tls-timeout", top.tlsTimeout(), MIN_TIMEOUT, Duration.ofHours(1)),
                proxyTime(
                        "proxy-tcp-keepalive",
                        top.tcpKeepAlive(),
                        Duration.ZERO,
                        Duration.ofHours(2)),
                layers.bool("proxy-no-happy-eyeballs", "") || top.noHappyEyeballs(),
                layers.integer(
                        "proxy-keepalive-connections", "", top.keepAliveConnections(), 0, 65_536),
                proxyTime(
                        "proxy-keepalive-timeout",
                        top.keepAliveTimeout(),
                        Duration.ZERO,
                        Duration.ofHours(24)),
                layers.bool("no-chunked-encoding", "TUNNEL_NO_CHUNKED_ENCODING")
                        || top.disableChunkedEncoding(),
                layers.bool("http2-origin", "TUNNEL_ORIGIN_ENABLE_HTTP2") || top.http2Origin(),
                host == null ? top.httpHostHeader() : host,
                name == null ? top.originServerName() : name,
                layers.bool("match-sni-to-host", "") || top.matchSNItoHost(),
                roots == null ? top.caPool() : roots,
                noVerify || top.noTLSVerify(),
                top.rdpSecurity());
    }

    private Duration proxyTime(String key, Duration absent, Duration min, Duration max) {
        return layers.duration(key, "", absent, min, max);
    }

    private void checkWord(String key, String variable, @Nullable String text) {
        if (text != null && !text.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            layers.problem(key, variable, Shown.value(text) + " (expected: a host name)");
        }
    }

    private EdgeDialling edge() {
        List<HostPort> addresses = new ArrayList<>();
        List<String> texts = layers.texts("edge", "TUNNEL_EDGE");
        for (String text : texts) {
            try {
                HostPort address = HostPort.parse(text.strip(), 1);
                if (address.host().isEmpty()) {
                    throw new IllegalArgumentException(
                            Shown.value(text) + " has no host (expected: HOST:PORT)");
                }
                addresses.add(address);
            } catch (IllegalArgumentException e) {
                layers.problem("edge", "TUNNEL_EDGE", String.valueOf(e.getMessage()));
            }
        }
        if (texts.isEmpty() && layers.text("edge-srv-domain", "TUNNEL_EDGE_SRV_DOMAIN") == null) {
            problems.add(
                    file.source(),
                    "edge",
                    "missing (expected: the edges by --edge HOST:PORT, TUNNEL_EDGE or the key edge,"
                            + " or a domain with SRV records by --edge-srv-domain)");
        } else if (texts.size() > MAX_EDGES) {
            layers.problem(
                    "edge",
                    "TUNNEL_EDGE",
                    texts.size() + " addresses (expected: at most " + MAX_EDGES + ")");
        }
        return new EdgeDialling(
                List.copyOf(addresses),
                caFile("cacert", "TUNNEL_CACERT"),
                layers.integer("ha-connections", "", 4, 1, 16),
                layers.integer("retries", "TUNNEL_RETRIES", 5, 1, 10),
                layers.duration(
                        "rpc-timeout",
                        "",
                        Duration.ofSeconds(5),
                        Duration.ofMillis(100),
                        Duration.ofMinutes(1)),
                protocol());
    }

    /// The only protocol to use, or null for whichever works.
    private @Nullable Protocol protocol() {
        Optional<Protocol> chosen =
                layers.choice(
                        "protocol",
                        "TUNNEL_TRANSPORT_PROTOCOL",
                        Optional.empty(),
                        Map.of(
                                "http2", Optional.of(Protocol.HTTP2),
                                "h2mux", Optional.of(Protocol.HTTP2),
                                "quic", Optional.of(Protocol.QUIC),
                                "auto", Optional.empty()));
        return chosen.orElse(null);
    }

    private @Nullable HostPort metrics() {
        String text = layers.text("metrics", "TUNNEL_METRICS");
        try {
            return text == null ? null : HostPort.parse(text, 0);
        } catch (IllegalArgumentException e) {
            layers.problem("metrics", "TUNNEL_METRICS", String.valueOf(e.getMessage()));
            return null;
        }
    }

    private List<Tag> tags() {
        List<Tag> tags = new ArrayList<>();
        for (String text : layers.texts("tag", "TUNNEL_TAG")) {
            int equals = text.indexOf('=');
            String name = equals < 0 ? "" : text.substring(0, equals);
            String value = text.substring(equals + 1);
            if (!TAG_NAME.matcher(name).matches()
                    || value.length() > 256
                    || !value.chars().allMatch(c -> c >= 0x20 && c < 0x7f)
                    || tags.size() == MAX_TAGS) {
                layers.problem(
                        "tag",
                        "TUNNEL_TAG",
                        Shown.value(text)
                                + " (expected: NAME=VALUE, at most "
                                + MAX_TAGS
                                + ", such as site=office)");
            } else {
                tags.add(new Tag(name, value));
            }
        }
        return List.copyOf(tags);
    }

    private @Nullable Path caFile(String key, String variable) {
        Path path = path(key, variable);
        String problem = path == null ? null : CaFile.problem(path);
        if (problem != null) {
            layers.problem(key, variable, problem);
        }
        return path;
    }

    private @Nullable Path path(String key, String variable) {
        String text = layers.text(key, variable);
        try {
            return text == null || text.isEmpty() ? null : Path.of(text);
        } catch (InvalidPathException e) {
            layers.problem(key, variable, Shown.value(text) + " (expected: a file)");
            return null;
        }
    }
}
