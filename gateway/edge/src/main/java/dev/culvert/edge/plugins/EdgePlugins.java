package dev.culvert.edge.plugins;

import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.InBrowser;
import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgePlugin;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.served.ServedTarget;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The edge's halves of all plugins there are. Until [#start] there are none.
///
/// Thread-safe.
public final class EdgePlugins implements InBrowser, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgePlugins.class);

    private final Iterable<EdgePlugin> found;

    /// By the name of their plugin.
    private volatile Map<String, EdgeHalf> halves = Map.of();

    /// By the kind of application.
    private volatile Map<String, EdgeHalf> ofKinds = Map.of();

    private volatile @Nullable Entries entries;
    private final List<PluginPort> ports = new ArrayList<>();

    /// Those on the class path.
    public EdgePlugins() {
        this(ServiceLoader.load(EdgePlugin.class));
    }

    public EdgePlugins(Iterable<EdgePlugin> found) {
        this.found = found;
    }

    /// Starts them. Blocking.
    ///
    /// @param parts what they are given
    /// @param stores what one keeps, by its name
    /// @param listeners where those with a listener of their own are to listen, by name
    /// @throws StateException when one cannot start; what has started is closed by [#close]
    public void start(
            PluginServices.Parts parts,
            Function<String, PluginStore> stores,
            Map<String, InetSocketAddress> listeners)
            throws StateException {
        entries = parts.entries();
        Map<String, EdgeHalf> started = new TreeMap<>();
        Map<String, EdgeHalf> served = new TreeMap<>();
        for (EdgePlugin plugin : found) {
            String name = plugin.name();
            if (started.containsKey(name)) {
                throw new StateException(
                        Code.CONFLICT,
                        "two plugins are called " + name,
                        "leave one of their jars out of the class path");
            }
            for (String kind : plugin.kinds()) {
                if (served.containsKey(kind)) {
                    throw new StateException(
                            Code.CONFLICT,
                            "two plugins serve applications of kind " + kind,
                            "leave one of their jars out of the class path");
                }
            }
            PluginServices given =
                    new PluginServices(name, plugin.kinds(), parts, stores.apply(name));
            try {
                EdgeHalf half = plugin.start(given);
                started.put(name, half);
                halves = Map.copyOf(started);
                plugin.kinds().forEach(kind -> served.put(kind, half));
                ofKinds = Map.copyOf(served);
                InetSocketAddress address = listeners.get(name);
                if (address != null) {
                    listen(name, half, given, address);
                }
            } catch (IOException e) {
                throw new StateException(
                        Code.STORAGE,
                        "the plugin " + name + " cannot start: " + e.getMessage(),
                        "correct that and start the edge again",
                        e);
            }
        }
        for (String wanted : listeners.keySet()) {
            if (!started.containsKey(wanted)) {
                throw new StateException(
                        Code.CONFLICT,
                        wanted + "_listen needs the plugin " + wanted + ", which is not there",
                        "put its jar beside the others, or take the key out");
            }
        }
    }

    private void listen(String name, EdgeHalf half, PluginServices given, InetSocketAddress address)
            throws IOException {
        PluginPort port = PluginPort.listen(name, half, address);
        ports.add(port);
        given.listensOn(port.port());
        log.info("Listening plugin={} address={}:{}", name, address.getHostString(), port.port());
    }

    /// Where a plugin listens, 0 when it does not.
    public int port(String name) {
        EdgeHalf half = halves.get(name);
        return ports.stream()
                .filter(port -> half != null && port.isOf(half))
                .mapToInt(PluginPort::port)
                .findFirst()
                .orElse(0);
    }

    @Override
    public @Nullable StreamTarget target(StreamRequest request, Grant grant, String requestId) {
        String kind = grant.application().kind().word();
        EdgeHalf half = ofKinds.get(kind);
        Entries served = entries;
        if (half == null || served == null) {
            return null;
        }
        return new ServedTarget(
                kind,
                exchange -> {
                    try (Admitted admitted = served.ofFront(request, grant, requestId)) {
                        half.browser(admitted, exchange);
                    }
                });
    }

    /// The plugin that answers below `/cdn-cgi/access/` of the auth host, null when none does.
    ///
    /// @param path what follows that
    public @Nullable EdgeHalf ofAuthPath(String path) {
        return halves.values().stream()
                .filter(half -> half.authPaths().contains(path))
                .findFirst()
                .orElse(null);
    }

    /// Asks a plugin for its owner.
    ///
    /// @param body a JSON object
    /// @return a JSON object
    /// @throws StateException as the plugin refused
    public String admin(String name, String method, String path, String body)
            throws StateException {
        EdgeHalf half = halves.get(name);
        if (half == null) {
            throw new StateException(
                    Code.CONFLICT,
                    "no plugin " + StateException.quoted(name) + " runs at this edge",
                    "set auth_host in its configuration, and put the plugin's jar beside the others");
        }
        try {
            return half.admin(method, path, body);
        } catch (RefusedException e) {
            throw new StateException(Code.INVALID, e.getMessage(), e.next(), e);
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    String.valueOf(e.getMessage()),
                    "look into the edge's log and try again",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StateException(
                    Code.STORAGE, "the edge is stopping", "try again when it runs", e);
        }
    }

    /// Ends the sessions of whoever would not be let in now.
    public void review() {
        Entries served = entries;
        if (served != null) {
            served.review();
        }
    }

    /// What came in over the plugins' own listeners.
    public List<OpenStream> streams() {
        Entries served = entries;
        return served == null ? List.of() : served.streams();
    }

    /// Takes no new connections.
    public void stopAccepting() {
        ports.forEach(PluginPort::stopAccepting);
    }

    /// Ends everything under way. Idempotent.
    @Override
    public void close() {
        stopAccepting();
        halves.values().forEach(EdgeHalf::close);
        ports.forEach(PluginPort::close);
    }
}
