package dev.culvert.connector.config;

import dev.culvert.config.ProblemList;
import dev.culvert.config.Shown;
import dev.culvert.connector.config.ConnectorConfig.LogLevel;
import dev.culvert.connector.config.ConnectorConfig.Operation;
import dev.culvert.connector.dial.EdgeProxy;
import dev.culvert.connector.dial.EdgeSearch;
import dev.culvert.connector.dial.EdgeTarget;
import dev.culvert.connector.dial.IpVersion;
import dev.culvert.protocols.credentials.TunnelCredentials;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads how edges are found and what the operator is told. Confined to one thread.
final class OperationReader {
    static final Map<String, LogLevel> LEVELS =
            Map.of(
                    "debug", LogLevel.DEBUG,
                    "info", LogLevel.INFO,
                    "warn", LogLevel.WARN,
                    "error", LogLevel.ERROR,
                    "fatal", LogLevel.ERROR);
    private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,32}");
    private static final Pattern DOMAIN =
            Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63}){0,30}\\.?");
    private static final int DNS_PORT = 53;

    private final Layers layers;
    private final ProblemList problems;
    private final Consumer<String> notes;
    private final Map<String, String> environment;

    OperationReader(
            Layers layers,
            ProblemList problems,
            Consumer<String> notes,
            Map<String, String> environment) {
        this.layers = layers;
        this.problems = problems;
        this.notes = notes;
        this.environment = environment;
    }

    EdgeSearch search(List<HostPort> edges, @Nullable TunnelCredentials credentials) {
        String domain = layers.text("edge-srv-domain", "TUNNEL_EDGE_SRV_DOMAIN");
        String region = layers.text("region", "TUNNEL_REGION");
        if (domain != null && !DOMAIN.matcher(domain).matches()) {
            layers.problem(
                    "edge-srv-domain",
                    "TUNNEL_EDGE_SRV_DOMAIN",
                    Shown.value(domain) + " (expected: a domain such as example.com)");
        }
        if (region != null && !REGION.matcher(region).matches()) {
            layers.problem(
                    "region",
                    "TUNNEL_REGION",
                    Shown.value(region) + " (expected: letters, digits and hyphens, such as eu)");
        }
        String endpoint = credentials == null ? null : credentials.endpoint();
        if (endpoint != null && endpoint.isEmpty()) {
            endpoint = null;
        }
        boolean named = !edges.isEmpty();
        if (named && domain != null) {
            notes.accept("edge-srv-domain is ignored: the edges are named by edge");
        }
        if (named && region != null) {
            notes.accept("region is ignored: the edges are named by edge");
        } else if (region != null && endpoint != null) {
            layers.problem(
                    "region",
                    "TUNNEL_REGION",
                    Shown.value(region)
                            + " (the tunnel's credentials name the region "
                            + Shown.value(endpoint)
                            + ", expected: one of both)");
        }
        IpVersion version =
                layers.choice(
                        "edge-ip-version",
                        "TUNNEL_EDGE_IP_VERSION",
                        IpVersion.AUTO,
                        Map.of("4", IpVersion.FOUR, "6", IpVersion.SIX, "auto", IpVersion.AUTO));
        InetAddress bind = bind(edges, version);
        return new EdgeSearch(
                edges.stream().map(each -> new EdgeTarget(0, 1, each.host(), each.port())).toList(),
                named || domain == null
                        ? null
                        : EdgeSearch.service(domain, region != null ? region : endpoint),
                version,
                bind,
                proxy());
    }

    private @Nullable InetAddress bind(List<HostPort> edges, IpVersion version) {
        String text = layers.text("edge-bind-address", "TUNNEL_EDGE_BIND_ADDRESS");
        byte[] literal = text == null ? null : literal(text);
        if (text == null || literal == null) {
            if (text != null) {
                bindProblem(Shown.value(text) + " (expected: an IP address of this machine)");
            }
            return null;
        }
        try {
            InetAddress bind = InetAddress.getByAddress(literal);
            IpVersion family = IpVersion.of(bind);
            if (version != IpVersion.AUTO && version != family) {
                bindProblem(text + " is " + family + ", edge-ip-version wants " + version);
            }
            for (HostPort edge : edges) {
                byte[] other = literal(edge.host());
                if (other != null && other.length != literal.length) {
                    bindProblem(text + " is " + family + ", the edge " + edge + " is not");
                    break;
                }
            }
            return bind;
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal has 4 or 16 bytes", e);
        }
    }

    private void bindProblem(String problem) {
        layers.problem("edge-bind-address", "TUNNEL_EDGE_BIND_ADDRESS", problem);
    }

    private static byte @Nullable [] literal(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text);
    }

    private @Nullable EdgeProxy proxy() {
        try {
            return EdgeProxy.of(environment);
        } catch (IllegalArgumentException e) {
            String message = String.valueOf(e.getMessage());
            int space = message.indexOf(' ');
            problems.add(
                    Layers.ENVIRONMENT,
                    message.substring(0, space),
                    message.substring(space + 1),
                    null);
            return null;
        }
    }

    /// @param logLevel default of the transport's
    /// @param plugins directory of plugin jars, or null
    Operation operation(LogLevel logLevel, @Nullable Path plugins) {
        boolean json =
                layers.choice(
                        "output",
                        "TUNNEL_LOG_OUTPUT",
                        false,
                        Map.of("default", false, "json", true));
        return new Operation(
                !layers.bool("no-prechecks", "TUNNEL_NO_PRECHECKS"),
                layers.bool("post-quantum", "TUNNEL_POST_QUANTUM"),
                dnsServer(),
                path("logfile", "TUNNEL_LOGFILE"),
                path("log-directory", "TUNNEL_LOGDIRECTORY"),
                json,
                layers.choice("transport-loglevel", "TUNNEL_TRANSPORT_LOGLEVEL", logLevel, LEVELS),
                plugins);
    }

    private @Nullable String dnsServer() {
        String text = layers.text("edge-dns-server", "TUNNEL_EDGE_DNS_SERVER");
        if (text == null) {
            return null;
        }
        try {
            boolean bare = literal(text) != null;
            HostPort server = bare ? new HostPort(text, DNS_PORT) : HostPort.parse(text.strip(), 1);
            if (server.host().isEmpty()) {
                throw new IllegalArgumentException(
                        Shown.value(text) + " has no host (expected: HOST:PORT)");
            }
            return server.toString();
        } catch (IllegalArgumentException e) {
            layers.problem(
                    "edge-dns-server", "TUNNEL_EDGE_DNS_SERVER", String.valueOf(e.getMessage()));
            return null;
        }
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
