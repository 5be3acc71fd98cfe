package dev.culvert.connector.reload;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.connector.config.ConnectorConfig;
import dev.culvert.connector.config.ConnectorOptions;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.engine.LiveRules;
import dev.culvert.connector.engine.OriginTargets;
import dev.culvert.connector.engine.StreamRouter;
import dev.culvert.connector.ingress.PluginCatalog;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.served.ServedTarget;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.Side;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.netty.channel.EventLoop;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/// What a connector has behind its connections: rules from a file, the router, and what changes them.
/// The test opens streams as the edge would.
final class LiveConnector implements AutoCloseable {
    private static final String TOKEN =
            TunnelToken.format(
                    new TunnelCredentials("account", new byte[32], new UUID(1, 2), null));

    final Path file;
    final EchoPlugin plugin = new EchoPlugin();
    final EventLoops loops = new EventLoops("reload", 2);
    final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    final RuleUpdates updates;
    final StreamRouter router;
    private final ConnectorConfig config;
    private final LiveRules rules;
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(RuleUpdates.class);

    LiveConnector(Path file, String... rules) throws Exception {
        this.file = file;
        write(rules);
        ConnectorOptions options = new ConnectorOptions();
        new CommandLine(
                        CommandLine.Model.CommandSpec.create()
                                .addMixin(
                                        "c",
                                        CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
                .parseArgs("--config", file.toString(), "--token", TOKEN, "--edge", "e:1");
        config = options.loadWith(Map.of(), PluginCatalog.of(plugin));
        config.ingress().start();
        Dialer dialer = new Dialer(loops);
        this.rules = new LiveRules(new OriginTargets(config.ingress(), dialer, OwnListeners.NONE));
        updates =
                new RuleUpdates(
                        config,
                        this.rules,
                        dialer,
                        OwnListeners.NONE,
                        new ReloadCounts(meters, this.rules));
        router =
                new StreamRouter(
                        this.rules,
                        new ServedTarget("configuration", new PushedConfiguration(updates)),
                        1000);
        log.start();
        logger.addAppender(log);
    }

    /// One rule a name, the last one for every host: `echo:NAME` at `NAME.test`.
    void write(String... names) throws Exception {
        StringBuilder text = new StringBuilder("ingress:\n");
        for (int i = 0; i < names.length; i++) {
            text.append(i < names.length - 1 ? "- hostname: " + names[i] + ".test\n  " : "- ")
                    .append("service: echo:")
                    .append(names[i])
                    .append('\n');
        }
        writeText(text.toString());
    }

    void writeText(String text) throws Exception {
        Files.writeString(file, text);
    }

    Side open(StreamKind kind, String host, boolean end) {
        EventLoop loop = loops.next();
        Side side = new Side(loop);
        StreamRequest request = new StreamRequest(kind, "POST", host, "/", new HeaderList(0), end);
        side.onLoop(() -> side.meet(router.open(request, side, loop)));
        return side;
    }

    /// Name of the origin that answers for a host, or the status when none does.
    String origin(String host) {
        Side side = open(StreamKind.HTTP, host, true);
        var response = side.awaitResponse();
        side.awaitEnd();
        String name = response.headers().first("x-origin");
        return name == null ? Integer.toString(response.status()) : name;
    }

    /// Sends a configuration as the edge does.
    ///
    /// @return status and body of the answer
    String push(String body) {
        Side side = open(StreamKind.CONFIGURATION, "edge", false);
        side.send(body, true);
        int status = side.awaitResponse().status();
        side.awaitEnd();
        return (status + " " + side.text()).strip();
    }

    String push(int version, String config) {
        return push("{\"version\":" + version + ",\"config\":" + config + "}");
    }

    /// What was logged since the last call.
    String logged() {
        StringBuilder text = new StringBuilder();
        List.copyOf(log.list)
                .forEach(event -> text.append(event.getFormattedMessage()).append('\n'));
        log.list.clear();
        return text.toString();
    }

    double meter(String name, String... tags) {
        return meters.get(name).tags(tags).meter().measure().iterator().next().getValue();
    }

    void awaitNothingDraining() {
        Eventually.until("old rules are closed", () -> rules.draining() == 0);
    }

    int draining() {
        return rules.draining();
    }

    String json() {
        return new String(updates.json().getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        logger.detachAppender(log);
        rules.close();
        loops.close();
        config.close();
    }
}
