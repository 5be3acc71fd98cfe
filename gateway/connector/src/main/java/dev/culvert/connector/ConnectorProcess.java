package dev.culvert.connector;

import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.config.HostPort;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.dial.DnsNames;
import dev.culvert.connector.dial.EdgeFinder;
import dev.culvert.connector.dial.NameService;
import dev.culvert.connector.engine.LiveRules;
import dev.culvert.connector.engine.OriginTargets;
import dev.culvert.connector.engine.StreamRouter;
import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.connector.link.Protocol;
import dev.culvert.connector.precheck.EdgeReach;
import dev.culvert.connector.precheck.LocalFiles;
import dev.culvert.connector.precheck.Precheck;
import dev.culvert.connector.precheck.Prechecks;
import dev.culvert.connector.precheck.QuicReach;
import dev.culvert.connector.precheck.Report;
import dev.culvert.connector.reload.FileWatch;
import dev.culvert.connector.reload.PushedConfiguration;
import dev.culvert.connector.reload.ReloadCounts;
import dev.culvert.connector.reload.RuleUpdates;
import dev.culvert.connector.status.ConnectorMetrics;
import dev.culvert.connector.status.ConnectorPages;
import dev.culvert.connector.status.Diagnostics;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.quic.QuicDialer;
import dev.culvert.transport.served.ServedTarget;
import dev.culvert.transport.served.StatusPages;
import dev.culvert.transport.tls.TlsContexts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running connector. [#start] brings up everything or nothing; connections to the edge follow by
/// themselves.
///
/// Thread-safe once started; start, drain and close are blocking.
public final class ConnectorProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ConnectorProcess.class);
    private static final int MAX_STREAMS = 20_000;
    private static final int FIRST_METRICS_PORT = 20241;
    private static final int LAST_METRICS_PORT = 20245;

    private final UUID connectorId = UUID.randomUUID();
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private final PrometheusMeterRegistry meters =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Consumer<Report> prechecked;
    private @Nullable Connector connector;
    private @Nullable StreamRouter router;
    private volatile @Nullable InetSocketAddress metricsAddress;
    private volatile @Nullable FileWatch configurationWatch;

    private ConnectorProcess(Consumer<Report> prechecked) {
        this.prechecked = prechecked;
    }

    /// Starts a connector; it owns `config` from here on.
    ///
    /// @param version told to the edge
    /// @throws IOException with a message for the user; nothing is left running
    public static ConnectorProcess start(ConnectorConfig config, String version)
            throws IOException {
        return start(config, version, report -> report.log(log));
    }

    /// @param prechecked told what the prechecks found, on a thread of its own; not at all without them
    public static ConnectorProcess start(
            ConnectorConfig config, String version, Consumer<Report> prechecked)
            throws IOException {
        ConnectorProcess process = new ConnectorProcess(prechecked);
        try {
            process.open(config, version);
            return process;
        } catch (IOException | RuntimeException e) {
            process.close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T resource) {
        opened.push(resource);
        return resource;
    }

    private void open(ConnectorConfig config, String version) throws IOException {
        opened(config);
        config.notes().forEach(log::info);
        config.ingress().start();
        EventLoops loops = opened(new EventLoops("connector", 0));
        Dialer dialer = new Dialer(loops);
        LiveRules rules =
                opened(new LiveRules(new OriginTargets(config.ingress(), dialer, this::isOwn)));
        RuleUpdates changes =
                new RuleUpdates(
                        config, rules, dialer, this::isOwn, new ReloadCounts(meters, rules));
        StreamRouter streams =
                new StreamRouter(
                        rules,
                        new ServedTarget("configuration", new PushedConfiguration(changes)),
                        MAX_STREAMS);
        router = streams;
        NameService names = new DnsNames(config.operation().dnsServer());
        Path trust = config.edge().caCert();
        List<X509Certificate> roots =
                trust == null ? TlsContexts.systemRootsAnd(null) : TlsContexts.roots(trust);
        boolean postQuantum = config.operation().postQuantum();
        SslContext tls = TlsContexts.tunnelClient(roots, postQuantum);
        LinkSettings.Quic quic = LinkSettings.Quic.of(roots, postQuantum);
        LinkSettings settings =
                new LinkSettings(
                        new EdgeFinder(config.search(), names),
                        tls,
                        config.credentials(),
                        config.edge().haConnections(),
                        connectorId,
                        version,
                        config.gracePeriod(),
                        config.edge().protocolChoice(),
                        quic);
        Connector links = opened(new Connector(settings, loops, streams));
        links.tell(changes::ownJson);
        connector = links;
        meters.gauge("culvert.connector.streams", streams, StreamRouter::openStreams);
        meters.gauge("culvert.memory.held", MemoryBudget.process(), MemoryBudget::held);
        meters.gauge("culvert.memory.budget", MemoryBudget.process(), MemoryBudget::bytes);
        Listeners listeners = opened(new Listeners(loops));
        metricsAddress =
                listenForMetrics(listeners, config.metrics(), pages(config, version, changes));
        watch(config.file(), changes);
        log.info(
                "Starting connector id={} tunnel={} edges={} rules={} metrics=http:/{}",
                connectorId,
                config.credentials().tunnelId(),
                config.search(),
                config.ingress().rules().size(),
                metricsAddress);
        links.start();
        if (config.operation().prechecks()) {
            Map<String, Precheck> checks = new LinkedHashMap<>();
            checks.put(
                    "edge",
                    new EdgeReach(
                            new EdgeFinder(config.search(), names), dialer, loops.next(), tls));
            if (config.edge().protocol() != Protocol.HTTP2) {
                checks.put(
                        "QUIC",
                        new QuicReach(
                                new EdgeFinder(config.search(), names),
                                new QuicDialer(loops),
                                loops.next(),
                                quic,
                                config.edge().protocol() == Protocol.QUIC));
            }
            checks.put("plugins", LocalFiles.plugins(config.operation().plugins()));
            checks.put("pidfile", LocalFiles.writable("pidfile", config.pidFile()));
            Thread.ofVirtual().name("prechecks").start(() -> precheck(checks));
        }
    }

    private void precheck(Map<String, Precheck> checks) {
        try {
            prechecked.accept(Prechecks.run(checks));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch(@Nullable Path file, RuleUpdates changes) throws IOException {
        if (file != null) {
            FileWatch watch = opened(new FileWatch(file, changes::readFile));
            configurationWatch = watch;
            watch.start();
        }
    }

    /// Reads the configuration file again, as after a change of it. Does not block.
    public void reload() {
        FileWatch watch = configurationWatch;
        if (watch == null) {
            log.info("There is no configuration file to read again");
        } else {
            watch.ask();
        }
    }

    private InetSocketAddress listenForMetrics(
            Listeners listeners, @Nullable HostPort wanted, HttpHandler status) throws IOException {
        String what = "the metrics listener";
        if (wanted != null) {
            return listeners.serve(
                    what, new InetSocketAddress(wanted.host(), wanted.port()), status);
        }
        InetAddress loopback = InetAddress.getLoopbackAddress();
        for (int port = FIRST_METRICS_PORT; port <= LAST_METRICS_PORT; port++) {
            try {
                return listeners.serve(what, new InetSocketAddress(loopback, port), status);
            } catch (IOException e) {
                log.debug("metrics port taken port={}", port);
            }
        }
        return listeners.serve(what, new InetSocketAddress(loopback, 0), status);
    }

    private HttpHandler pages(ConnectorConfig config, String version, RuleUpdates changes) {
        Connector links = connector();
        StreamRouter streams = Objects.requireNonNull(router);
        ConnectorMetrics metrics =
                new ConnectorMetrics(version, links, streams.counts(), changes::version);
        UUID tunnelId = config.credentials().tunnelId();
        return new ConnectorPages(
                        status(() -> metrics.text() + meters.scrape(), links, connectorId))
                .with("/config", changes::json)
                .with(
                        "/diag/configuration",
                        () -> Diagnostics.configuration(ShownSettings.of(config)))
                .with(
                        "/diag/tunnel",
                        () -> Diagnostics.tunnel(tunnelId, connectorId, links.states()))
                .with("/diag/system", () -> Diagnostics.system(version));
    }

    /// The metrics listener is nothing for clients of `bastion` and `socks-proxy`.
    private boolean isOwn(InetAddress address, int port) {
        InetSocketAddress metrics = metricsAddress;
        return metrics != null && OwnListeners.of(List.of(metrics)).include(address, port);
    }

    /// Ready as cloudflared has it: while at least one connection is registered; not while draining.
    static StatusPages status(Supplier<String> metrics, Connector links, UUID connectorId) {
        return new StatusPages(
                metrics,
                () -> {
                    boolean draining = links.isStopping();
                    int registered = draining ? 0 : links.registered();
                    return new StatusPages.Readiness(
                            registered > 0,
                            Diagnostics.ready(
                                    registered > 0 ? 200 : 503,
                                    registered,
                                    connectorId,
                                    links.wanted(),
                                    draining));
                });
    }

    public Connector connector() {
        Connector known = connector;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    public InetSocketAddress metricsAddress() {
        InetSocketAddress known = metricsAddress;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    /// Lets the streams that are open end, within the grace period.
    public void drain() throws InterruptedException {
        StreamRouter streams = router;
        if (streams != null) {
            connector().drain(streams::openStreams);
        }
    }

    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                log.warn("Something did not close properly", e);
            }
        }
    }
}
