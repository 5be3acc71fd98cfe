package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Tunnel;
import dev.culvert.edge.state.TunnelConfiguration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands tunnels' rules to their connectors: to each connection once it is registered, and again when
/// they have changed. A connector takes the same version once, however many connections bring it.
///
/// One stream at a time for each connection. A connection that does not answer is asked twice more, five
/// seconds apart; a connector that refuses a version is not asked again for that version.
///
/// Thread-safe: what is known of a connection is written on its event loop only.
public final class ConfigurationPush {
    private static final Logger log = LoggerFactory.getLogger(ConfigurationPush.class);
    private static final int ATTEMPTS = 3;
    private static final int AGAIN_SECONDS = 5;

    private final Supplier<Directory> directory;
    private final TunnelRegistry registry;
    private final Map<UUID, Handed> byConnection = new ConcurrentHashMap<>();

    /// What a connection has been told and has answered.
    private static final class Handed {
        private boolean running;
        private int failures;
        private int answered;
        private volatile int applied = -1;
        private volatile @Nullable String problem;
    }

    /// A connection as people are shown it.
    ///
    /// @param version what its connector says it has; -1 for none, or not known
    /// @param problem why it does not have the newest, or null
    /// @param own what a connector with rules of its own says of them, JSON of its making; else null
    public record Told(
            UUID connector,
            int index,
            int version,
            @Nullable String problem,
            @Nullable String own) {}

    public ConfigurationPush(Supplier<Directory> directory, TunnelRegistry registry) {
        this.directory = directory;
        this.registry = registry;
    }

    /// A connection has its answer to the registration. Called on its event loop.
    void registered(TunnelConnection connection) {
        forgetGone();
        push(connection);
    }

    /// Hands over what has changed.
    public void apply(Directory changed) {
        for (TunnelConnection connection : registry.connections()) {
            Tunnel tunnel = changed.tunnel(connection.tunnelId());
            if (tunnel != null && tunnel.configuration() != null) {
                connection.carrier().loop().execute(() -> push(connection));
            }
        }
    }

    /// The connections of a tunnel, in no order.
    public List<Told> connections(UUID tunnelId) {
        List<Told> told = new ArrayList<>();
        for (TunnelConnection connection : registry.connections()) {
            if (connection.tunnelId().equals(tunnelId)) {
                Handed handed = byConnection.get(connection.id());
                told.add(
                        new Told(
                                connection.connectorId(),
                                connection.index(),
                                handed == null ? -1 : handed.applied,
                                handed == null ? null : handed.problem,
                                registry.local().get(connection.id())));
            }
        }
        return told;
    }

    /// Now and then: at most as many are kept as there are connections twice over.
    private void forgetGone() {
        if (byConnection.size() > 2 * registry.size() + 16) {
            Set<UUID> there = new HashSet<>();
            registry.connections().forEach(connection -> there.add(connection.id()));
            byConnection.keySet().retainAll(there);
        }
    }

    private void push(TunnelConnection connection) {
        Tunnel tunnel = directory.get().tunnel(connection.tunnelId());
        TunnelConfiguration rules = tunnel == null ? null : tunnel.configuration();
        if (rules == null || !connection.carrier().isOpen()) {
            return;
        }
        Handed handed = byConnection.computeIfAbsent(connection.id(), any -> new Handed());
        if (handed.running || handed.answered >= rules.version()) {
            return;
        }
        handed.running = true;
        ConfigurationStream.open(
                connection.carrier(),
                rules,
                answer -> {
                    handed.running = false;
                    switch (answer) {
                        case ConfigurationStream.Answer.Taken(int version, String problem) ->
                                taken(connection, handed, rules.version(), version, problem);
                        case ConfigurationStream.Answer.None(String reason) ->
                                failed(connection, handed, rules.version(), reason);
                    }
                });
    }

    private void taken(
            TunnelConnection connection,
            Handed handed,
            int sent,
            int version,
            @Nullable String problem) {
        handed.failures = 0;
        handed.answered = sent;
        handed.applied = version;
        handed.problem = problem;
        if (problem != null) {
            warn(connection, sent, "the connector refused it: " + problem);
        } else if (version > sent) {
            handed.problem = "the connector has a newer one; configure the tunnel again";
            warn(connection, sent, "the connector has version " + version + " already");
        } else {
            log.info(
                    "Configuration handed over tunnel={} connection={} connector={} version={}",
                    connection.tunnelId(),
                    connection.id(),
                    connection.connectorId(),
                    version);
        }
        // It may have changed meanwhile.
        push(connection);
    }

    private void failed(TunnelConnection connection, Handed handed, int sent, String reason) {
        handed.problem = reason;
        warn(connection, sent, reason);
        if (++handed.failures < ATTEMPTS) {
            connection
                    .carrier()
                    .loop()
                    .schedule(() -> push(connection), AGAIN_SECONDS, TimeUnit.SECONDS);
        } else {
            handed.failures = 0;
        }
    }

    private static void warn(TunnelConnection connection, int version, String reason) {
        log.warn(
                "Configuration not handed over tunnel={} connection={} connector={} version={}"
                        + " reason=\"{}\"",
                connection.tunnelId(),
                connection.id(),
                connection.connectorId(),
                version,
                reason);
    }
}
