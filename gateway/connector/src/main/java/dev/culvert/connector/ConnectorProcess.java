package dev.culvert.connector;

import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.config.HostPort;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.engine.OriginTargets;
import dev.culvert.connector.engine.StreamRouter;
import dev.culvert.connector.link.Connector;
import dev.culvert.connector.link.EdgeAddress;
import dev.culvert.connector.link.LinkSettings;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.Listeners;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.served.StatusPages;
import dev.culvert.transport.tls.TlsContexts;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
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
    private @Nullable Connector connector;
    private @Nullable StreamRouter router;
    private volatile @Nullable InetSocketAddress metricsAddress;

    private ConnectorProcess() {}

    /// Starts a connector; it owns `config` from here on.
    ///
    /// @param version told to the edge
    /// @throws IOException with a message for the user; nothing is left running
    public static ConnectorProcess start(ConnectorConfig config, String version)
            throws IOException {
        ConnectorProcess process = new ConnectorProcess();
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
        StreamRouter streams =
                new StreamRouter(
                        new OriginTargets(config.ingress(), new Dialer(loops), this::isOwn),
                        MAX_STREAMS);
        router = streams;
        List<EdgeAddress> edges =
                config.edge().addresses().stream()
                        .map(address -> new EdgeAddress(address.host(), address.port()))
                        .distinct()
                        .toList();
        Path trust = config.edge().caCert();
        LinkSettings settings =
                new LinkSettings(
                        edges,
                        TlsContexts.client(
                                trust == null
                                        ? TlsContexts.systemRootsAnd(null)
                                        : TlsContexts.roots(trust)),
                        config.credentials(),
                        config.edge().haConnections(),
                        connectorId,
                        version,
                        config.gracePeriod());
        Connector links = opened(new Connector(settings, loops, streams));
        connector = links;
        meters.gauge("cloudflared.tunnel.ha.connections", links, Connector::registered);
        meters.gauge("culvert.connector.streams", streams, StreamRouter::openStreams);
        meters.gauge("culvert.memory.held", MemoryBudget.process(), MemoryBudget::held);
        meters.gauge("culvert.memory.budget", MemoryBudget.process(), MemoryBudget::bytes);
        Listeners listeners = opened(new Listeners(loops));
        metricsAddress = listenForMetrics(listeners, config.metrics(), links);
        log.info(
                "Starting connector id={} tunnel={} edges={} rules={} metrics=http:/{}",
                connectorId,
                config.credentials().tunnelId(),
                edges,
                config.ingress().rules().size(),
                metricsAddress);
        links.start();
    }

    private InetSocketAddress listenForMetrics(
            Listeners listeners, @Nullable HostPort wanted, Connector links) throws IOException {
        StatusPages status = status(meters, links, connectorId);
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

    /// The metrics listener is nothing for clients of `bastion` and `socks-proxy`.
    private boolean isOwn(InetAddress address, int port) {
        InetSocketAddress metrics = metricsAddress;
        return metrics != null && OwnListeners.of(List.of(metrics)).include(address, port);
    }

    /// Ready as cloudflared has it: while at least one connection is registered; not while draining.
    static StatusPages status(PrometheusMeterRegistry meters, Connector links, UUID connectorId) {
        return new StatusPages(
                meters::scrape,
                () -> {
                    int registered = links.isStopping() ? 0 : links.registered();
                    int status = registered > 0 ? 200 : 503;
                    return new StatusPages.Readiness(
                            registered > 0,
                            "{\"status\":"
                                    + status
                                    + ",\"readyConnections\":"
                                    + registered
                                    + ",\"connectorId\":\""
                                    + connectorId
                                    + "\"}");
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
