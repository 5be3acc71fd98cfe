package dev.culvert.edge;

import dev.culvert.edge.admin.AdminApi;
import dev.culvert.edge.admin.AdminEndpointFile;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.certificates.CertificateFiles;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.edge.certificates.ServerCertificates;
import dev.culvert.edge.front.ClientCertificates;
import dev.culvert.edge.front.EdgeMetrics;
import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.front.PublicTarget;
import dev.culvert.edge.plugins.EdgePlugins;
import dev.culvert.edge.plugins.ServiceStreams;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tunnel.ConfigurationPush;
import dev.culvert.edge.tunnel.QuicTunnels;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.edge.tunnel.TunnelListener;
import dev.culvert.edge.tunnel.TunnelPort;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.edge.tunnel.TunnelSettings;
import dev.culvert.edge.tunnel.TunnelTls;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.quic.QuicListener;
import dev.culvert.transport.served.StatusPages;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running edge. [#start] brings up everything or nothing.
///
/// Start: state directory and its lock → state → certificates → listeners (tunnel, public, metrics,
/// admin) → admin endpoint file. [#close] goes the other way.
///
/// Thread-safe once started; start and close are blocking.
public final class EdgeServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgeServer.class);

    private final EdgeConfig config;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final TunnelRegistry registry = new TunnelRegistry();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final EdgeMetrics metrics = new EdgeMetrics(meters);
    private @Nullable State state;
    private @Nullable EdgeAccess access;
    private @Nullable LocalAuthority authority;
    private @Nullable EdgePlugins plugins;
    private @Nullable PublicTarget target;
    private @Nullable Listeners userListeners;
    private @Nullable InetSocketAddress publicAddress;
    private @Nullable InetSocketAddress tunnelAddress;
    private @Nullable InetSocketAddress metricsAddress;
    private volatile boolean ready;

    private EdgeServer(EdgeConfig config) {
        this.config = config;
    }

    /// Starts an edge.
    ///
    /// @throws StateException when the state cannot be opened
    /// @throws BadCertificateException for certificate files that cannot be used
    /// @throws IOException when a listener cannot be bound; nothing is left running
    public static EdgeServer start(EdgeConfig config)
            throws StateException, BadCertificateException, IOException {
        EdgeServer server = new EdgeServer(config);
        try {
            server.open();
            return server;
        } catch (StateException | BadCertificateException | IOException | RuntimeException e) {
            server.closeAll();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void open() throws StateException, BadCertificateException, IOException {
        StateDirectory directory = opened(StateDirectory.open(config.state()));
        AdminEndpointFile.removeStale(directory);
        State opened = opened(State.open(directory, config.keyFile()));
        state = opened;
        opened.onChange(registry::apply);
        ConfigurationPush configurations = new ConfigurationPush(opened::directory, registry);
        registry.serve(configurations);
        opened.onChange(configurations::apply);
        AccessConfig accessConfig = config.access();
        EdgePlugins started = opened(new EdgePlugins());
        plugins = started;
        AtomicInteger publicPort = new AtomicInteger(config.listen().getPort());
        EdgeAccess opening =
                accessConfig == null
                        ? null
                        : opened(
                                EdgeAccess.open(
                                        accessConfig,
                                        opened,
                                        directory.path(),
                                        publicPort::get,
                                        started));
        access = opening;
        LocalAuthority local = LocalAuthority.open(directory.path(), certified());
        authority = local;
        CertificateFiles files = opened(CertificateFiles.load(config.certificates()));
        files.watch();
        ServerCertificates certificates = new ServerCertificates(files, local);

        EventLoops loops = opened(new EventLoops("edge", 0));
        PublicTarget publicTarget =
                new PublicTarget(
                        opened::directory,
                        registry,
                        metrics,
                        config.maxStreams(),
                        config.limits(),
                        opening == null ? null : opening.admission(),
                        started);
        target = publicTarget;
        opened.onChange(publicTarget::apply);
        if (!config.limits().stallTimeout().isZero()) {
            long tick = config.limits().stallTimeout().toMillis() / PublicTarget.TICKS_TO_STALL;
            loops.next().scheduleAtFixedRate(publicTarget::tick, tick, tick, TimeUnit.MILLISECONDS);
        }
        meters.gauge("culvert.tunnel.connections", registry, TunnelRegistry::size);
        meters.gauge("culvert.memory.held", MemoryBudget.process(), MemoryBudget::held);
        meters.gauge("culvert.memory.budget", MemoryBudget.process(), MemoryBudget::bytes);

        Live live = live(publicTarget, configurations, started);
        Listeners listeners = opened(new Listeners(loops));
        TunnelSettings tunnels =
                new TunnelSettings(opened.accountTag(), config.location(), config.gracePeriod());
        TunnelTls tunnelTls = new TunnelTls(certificates);
        tunnelAddress =
                TunnelPort.listen(
                        listeners,
                        config.tunnelListen(),
                        new TunnelListener(tunnelTls::tcp, opened::directory, tunnels, registry),
                        config.quic()
                                ? new QuicListener(
                                        loops,
                                        tunnels.quicLimits(),
                                        tunnelTls::quic,
                                        new QuicTunnels(opened::directory, tunnels, registry))
                                : null);
        if (opening != null) {
            opening.startPlugins(new ServiceStreams(opened::directory, registry, loops), metrics);
        }
        Listeners users = opened(new Listeners(loops));
        userListeners = users;
        publicAddress =
                users.listen(
                        "the public listener",
                        config.listen(),
                        opening == null
                                ? new PublicListener(
                                        certificates,
                                        publicTarget,
                                        ClientCertificates.none(),
                                        PublicListener.Countries.UNKNOWN)
                                : new PublicListener(
                                        certificates,
                                        publicTarget,
                                        opening.clientCertificates(),
                                        opening.countries()));
        publicPort.set(publicAddress.getPort());
        if (opening != null) {
            opening.start(
                    live,
                    () -> {
                        publicTarget.review();
                        started.review();
                    });
        }
        metricsAddress =
                listeners.serve(
                        "the metrics listener",
                        config.metrics(),
                        new StatusPages(
                                meters::scrape,
                                () ->
                                        new StatusPages.Readiness(
                                                ready, "{\"ready\":" + ready + "}")));
        String token = AdminEndpointFile.newToken();
        AtomicInteger adminPort = new AtomicInteger();
        InetSocketAddress admin =
                listeners.serve(
                        "the admin listener",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new AdminApi(
                                opened,
                                opening == null ? null : opening.parts(),
                                live,
                                token,
                                adminPort::get));
        adminPort.set(admin.getPort());
        opened(
                AdminEndpointFile.write(
                        directory,
                        new AdminEndpointFile.Endpoint(
                                URI.create("http://127.0.0.1:" + admin.getPort()), token)));
        ready = true;
    }

    private Live live(
            PublicTarget publicTarget, ConfigurationPush configurations, EdgePlugins started) {
        return new Live() {
            @Override
            public List<TunnelConnection> connections() {
                return registry.connections();
            }

            @Override
            public List<ConfigurationPush.Told> told(UUID tunnel) {
                return configurations.connections(tunnel);
            }

            @Override
            public List<OpenStream> streams() {
                return Stream.concat(publicTarget.streams().stream(), started.streams().stream())
                        .toList();
            }

            @Override
            public String plugin(String name, String method, String path, String body)
                    throws StateException {
                return started.admin(name, method, path, body);
            }

            @Override
            public Figures figures() {
                return new Figures(
                        metrics.bytesReceived(),
                        metrics.bytesSent(),
                        metrics.requests(),
                        metrics.streams(),
                        registry.size());
            }
        };
    }

    /// The domains of the configuration, and the auth host's names that are in none of them.
    private List<String> certified() {
        AccessConfig accessConfig = config.access();
        List<String> domains = new ArrayList<>(config.domains());
        if (accessConfig == null) {
            return domains;
        }
        for (String name : new AuthAddress(accessConfig.authHost(), () -> 0).hosts()) {
            if (!isBelow(name, "localhost") && domains.stream().noneMatch(d -> isBelow(name, d))) {
                domains.add(name);
            }
        }
        return domains;
    }

    private static boolean isBelow(String name, String domain) {
        return name.equals(domain) || name.endsWith("." + domain);
    }

    private static <T> T started(@Nullable T value) {
        if (value == null) {
            throw new IllegalStateException("not started");
        }
        return value;
    }

    /// Where users come in.
    public InetSocketAddress publicAddress() {
        return started(publicAddress);
    }

    /// Where connectors come in.
    public InetSocketAddress tunnelAddress() {
        return started(tunnelAddress);
    }

    public InetSocketAddress metricsAddress() {
        return started(metricsAddress);
    }

    /// The edge's halves of plugins.
    public EdgePlugins plugins() {
        return started(plugins);
    }

    /// Where the SSH gateway listens, 0 when it does not.
    public int sshPort() {
        return started(plugins).port("ssh");
    }

    /// The authority that makes certificates no file provides.
    public LocalAuthority authority() {
        return started(authority);
    }

    /// Tunnels and routes, for a process that runs its own edge.
    public State state() {
        return started(state);
    }

    /// Who may come in; null when the configuration has no auth host.
    public @Nullable EdgeAccess access() {
        return access;
    }

    public TunnelRegistry tunnels() {
        return registry;
    }

    /// Takes no new users, waits until the streams that are open have ended or the grace period is over.
    /// Blocking.
    public void drain() throws InterruptedException {
        ready = false;
        started(userListeners).stopAccepting();
        started(target).drain();
        started(plugins).stopAccepting();
        int streams = metrics.streams();
        log.info("Draining streams={} gracePeriod={}s", streams, config.gracePeriod().toSeconds());
        long deadline = System.nanoTime() + config.gracePeriod().toNanos();
        while (metrics.streams() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(Duration.ofMillis(20));
        }
        if (metrics.streams() > 0) {
            log.warn("Grace period is over streamsCut={}", metrics.streams());
        }
    }

    @Override
    public void close() {
        ready = false;
        closeAll();
    }

    private void closeAll() {
        registry.connections().forEach(connection -> connection.carrier().abort());
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                log.warn("Something did not close properly", e);
            }
        }
    }
}
