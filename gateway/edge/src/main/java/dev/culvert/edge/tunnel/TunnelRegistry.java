package dev.culvert.edge.tunnel;

import dev.culvert.edge.state.Directory;
import dev.culvert.edge.state.Tunnel;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every registered connection, by tunnel, and the choice of one for a stream.
///
/// Thread-safe: look-ups read an array that is replaced, never changed.
public final class TunnelRegistry {
    private static final Logger log = LoggerFactory.getLogger(TunnelRegistry.class);
    private static final TunnelConnection[] NONE = {};

    /// Connections one tunnel may have; a connector has four.
    public static final int MAX_CONNECTIONS = 256;

    /// How much more loaded than the least loaded one a connection on the caller's own loop may be and
    /// still be chosen: crossing loops costs about as much as that.
    static final int OWN_LOOP_ADVANTAGE = 8;

    /// What being doubted adds to a connection's load: any other is preferred.
    private static final int DOUBT = 1 << 24;

    private final Map<UUID, TunnelConnection[]> byTunnel = new ConcurrentHashMap<>();
    private final Set<UUID> doubted = ConcurrentHashMap.newKeySet();
    private final LocalConfigurations local = new LocalConfigurations();
    private volatile Consumer<TunnelConnection> onRegistered = connection -> {};

    /// Adds a connection; an older one of the same connector and index is closed, since the connector
    /// would not dial again if it still had it.
    ///
    /// @return false when the tunnel has [#MAX_CONNECTIONS] already
    boolean add(TunnelConnection added) {
        List<TunnelConnection> replaced = new ArrayList<>(1);
        boolean[] full = {false};
        byTunnel.compute(
                added.tunnelId(),
                (id, old) -> {
                    List<TunnelConnection> kept = new ArrayList<>();
                    for (TunnelConnection connection : old == null ? NONE : old) {
                        if (added.replaces(connection)) {
                            replaced.add(connection);
                        } else {
                            kept.add(connection);
                        }
                    }
                    full[0] = kept.size() >= MAX_CONNECTIONS;
                    if (!full[0]) {
                        kept.add(added);
                    }
                    return kept.toArray(NONE);
                });
        for (TunnelConnection connection : replaced) {
            log.info(
                    "Tunnel connection replaced tunnel={} connection={} by={}",
                    connection.tunnelId(),
                    connection.id(),
                    added.id());
            local.remove(connection.id());
            connection.carrier().abort();
        }
        return !full[0];
    }

    /// Hands each connection, on its event loop, the configuration of its tunnel.
    public void serve(ConfigurationPush push) {
        onRegistered = push::registered;
    }

    /// The connection has got the answer to its registration. Called on its event loop.
    void announce(TunnelConnection registered) {
        onRegistered.accept(registered);
    }

    /// What connectors say of the rules they have of their own.
    LocalConfigurations local() {
        return local;
    }

    /// A connector says what rules it has of its own; kept while the connection is registered.
    void tell(TunnelConnection connection, byte[] json) {
        local.put(connection.id(), json);
        if (!List.of(byTunnel.getOrDefault(connection.tunnelId(), NONE)).contains(connection)) {
            local.remove(connection.id());
        }
    }

    /// Nothing is heard from the connection: it gets new streams only when no other is there.
    void doubt(TunnelConnection connection, boolean now) {
        if (now) {
            doubted.add(connection.id());
        } else {
            doubted.remove(connection.id());
        }
    }

    private int load(TunnelConnection connection) {
        int load = connection.carrier().load();
        return doubted.contains(connection.id()) ? load + DOUBT : load;
    }

    /// @return false when it was not there (any more)
    boolean remove(TunnelConnection removed) {
        boolean[] found = {false};
        doubted.remove(removed.id());
        local.remove(removed.id());
        byTunnel.computeIfPresent(
                removed.tunnelId(),
                (id, old) -> {
                    TunnelConnection[] kept =
                            Arrays.stream(old)
                                    .filter(c -> c != removed)
                                    .toArray(TunnelConnection[]::new);
                    found[0] = kept.length < old.length;
                    return kept.length == 0 ? null : kept;
                });
        return found[0];
    }

    /// The connection for a new stream of this tunnel, or null when it has none that takes streams.
    ///
    /// @param loop of the caller
    /// @param not not this one: it has just refused the stream
    public @Nullable TunnelConnection choose(
            UUID tunnelId, EventLoop loop, @Nullable TunnelConnection not) {
        TunnelConnection least = null;
        TunnelConnection own = null;
        int leastLoad = Integer.MAX_VALUE;
        int ownLoad = Integer.MAX_VALUE;
        for (TunnelConnection connection : byTunnel.getOrDefault(tunnelId, NONE)) {
            if (connection == not || !connection.carrier().isOpen()) {
                continue;
            }
            int load = load(connection);
            if (load < leastLoad) {
                least = connection;
                leastLoad = load;
            }
            if (connection.carrier().loop() == loop && load < ownLoad) {
                own = connection;
                ownLoad = load;
            }
        }
        return own != null && ownLoad <= leastLoad + OWN_LOOP_ADVANTAGE ? own : least;
    }

    /// All connections, for display.
    public List<TunnelConnection> connections() {
        List<TunnelConnection> all = new ArrayList<>();
        byTunnel.values().forEach(some -> all.addAll(Arrays.asList(some)));
        return all;
    }

    /// Number of registered connections.
    public int size() {
        int size = 0;
        for (TunnelConnection[] some : byTunnel.values()) {
            size += some.length;
        }
        return size;
    }

    /// Closes what the new directory no longer admits: connections of deleted tunnels, and those that
    /// registered with a secret that has been replaced.
    public void apply(Directory directory) {
        for (TunnelConnection connection : connections()) {
            Tunnel tunnel = directory.tunnel(connection.tunnelId());
            if (tunnel == null || tunnel.rotation() != connection.rotation()) {
                log.info(
                        "Tunnel connection closed tunnel={} connection={} reason=\"{}\"",
                        connection.tunnelId(),
                        connection.id(),
                        tunnel == null ? "tunnel deleted" : "secret rotated");
                remove(connection);
                connection.carrier().abort();
            }
        }
    }
}
