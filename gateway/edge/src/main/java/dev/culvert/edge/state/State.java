package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import dev.culvert.protocols.credentials.TunnelCredentials;
import dev.culvert.protocols.credentials.TunnelToken;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tunnels and routes, kept in the database and published as a [Directory] after each change.
///
/// A change is on the disk when its method returns; listeners have seen it by then. Whatever names a
/// tunnel takes its name or its id.
///
/// Thread-safe: one caller at a time. Blocking: virtual threads only, except [#directory()].
public final class State implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(State.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int SECRET_BYTES = 32;
    private static final int ACCOUNT_TAG_BYTES = 16;
    static final int MAX_TUNNELS = 10_000;
    static final int MAX_ROUTES = 50_000;

    private final Database database;
    private final SecretSeal secrets;
    private final InstantSource clock;
    private final String accountTag;
    private final Map<UUID, Tunnel> tunnels = new LinkedHashMap<>();
    private final TreeMap<String, Route> routes = new TreeMap<>();
    private final Map<String, String> reserved = new HashMap<>();
    private final List<Consumer<Directory>> listeners = new CopyOnWriteArrayList<>();
    private volatile Directory directory = Directory.EMPTY;

    /// Opens the state in a directory this process owns. The directory stays the caller's to close.
    ///
    /// @param keyFile key of the tunnel secrets, made when the state is new; null for the one in the
    ///     state directory
    public static State open(StateDirectory directory, @Nullable Path keyFile)
            throws StateException {
        return open(directory, keyFile, InstantSource.system());
    }

    static State open(StateDirectory directory, @Nullable Path keyFile, InstantSource clock)
            throws StateException {
        Database database = Database.open(directory);
        boolean usable = false;
        try {
            Path key = keyFile == null ? directory.defaultKeyFile() : keyFile;
            State state = new State(database, key, clock);
            usable = true;
            return state;
        } finally {
            if (!usable) {
                database.close();
            }
        }
    }

    private State(Database database, Path keyFile, InstantSource clock) throws StateException {
        this.database = database;
        this.clock = clock;
        Optional<String> keyId = database.transaction(c -> Settings.get(c, Settings.SECRET_KEY_ID));
        this.secrets = SecretSeal.open(keyFile, keyId.orElse(null));
        this.accountTag = database.transaction(this::load);
        this.directory = new Directory(tunnels, routes);
    }

    /// Reads everything, and seals again what an older key sealed.
    private String load(Connection connection) throws SQLException, StateException {
        for (TunnelTable.Row row : TunnelTable.living(connection)) {
            byte[] secret = secrets.unseal(row.id(), row.secret());
            if (!row.secret().keyId.equals(secrets.currentKeyId())) {
                TunnelTable.reseal(connection, row.id(), secrets.seal(row.id(), secret));
            }
            tunnels.put(
                    row.id(),
                    Tunnel.ofSecret(row.id(), row.name(), row.createdAt(), row.rotation(), secret));
        }
        ConfigurationTable.all(connection)
                .forEach((id, rules) ->
                        tunnels.computeIfPresent(id, (same, tunnel) -> tunnel.configured(rules)));
        for (Route route : RouteTable.all(connection)) {
            routes.put(route.hostname(), route);
        }
        Settings.put(connection, Settings.SECRET_KEY_ID, secrets.currentKeyId());
        Optional<String> known = Settings.get(connection, Settings.ACCOUNT_TAG);
        if (known.isPresent()) {
            return known.get();
        }
        String tag = HexFormat.of().formatHex(random(ACCOUNT_TAG_BYTES));
        Settings.put(connection, Settings.ACCOUNT_TAG, tag);
        return tag;
    }

    private static byte[] random(int bytes) {
        byte[] random = new byte[bytes];
        RANDOM.nextBytes(random);
        return random;
    }

    /// 32 hexadecimal digits, the same for the life of the state; tokens carry it.
    public String accountTag() {
        return accountTag;
    }

    /// Where the other parts of the edge keep theirs, each in its own tables.
    public Database database() {
        return database;
    }

    /// What seals secrets that are kept.
    public SecretSeal secrets() {
        return secrets;
    }

    /// The newest snapshot. Never blocks.
    public Directory directory() {
        return directory;
    }

    /// Gives the listener the present snapshot now and a new one after each change, in order. It runs
    /// on the changing thread and must be quick.
    public synchronized void onChange(Consumer<Directory> listener) {
        listeners.add(listener);
        listener.accept(directory);
    }

    public synchronized TunnelSummary createTunnel(String name) throws StateException {
        TunnelName.check(name);
        if (tunnels.size() >= MAX_TUNNELS) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX_TUNNELS + " tunnels already",
                    "delete tunnels that are not used");
        }
        UUID id = UUID.randomUUID();
        byte[] secret = random(SECRET_BYTES);
        Instant now = now();
        SecretSeal.Sealed sealed = secrets.seal(id, secret);
        boolean inserted = database.transaction(c -> TunnelTable.insert(c, id, name, now, sealed));
        if (!inserted) {
            throw new StateException(
                    Code.CONFLICT,
                    "a tunnel named " + StateException.quoted(name) + " exists already",
                    "choose another name, or delete that tunnel first");
        }
        Tunnel tunnel = Tunnel.ofSecret(id, name, now, 0, secret);
        tunnels.put(id, tunnel);
        publish();
        LOG.info("Tunnel created tunnel={} id={}", name, id);
        return summary(tunnel, routesTo(tunnel).size());
    }

    /// In the order they were made.
    public synchronized List<TunnelSummary> listTunnels() {
        Map<UUID, Integer> leading = new HashMap<>();
        for (Route route : routes.values()) {
            leading.merge(route.tunnelId(), 1, Integer::sum);
        }
        return tunnels.values().stream()
                .map(tunnel -> summary(tunnel, leading.getOrDefault(tunnel.id(), 0)))
                .toList();
    }

    /// @param force delete the routes that lead to it too; without, they are a [Code#CONFLICT]
    public synchronized void deleteTunnel(String nameOrId, boolean force) throws StateException {
        Tunnel tunnel = find(nameOrId);
        List<String> leading = routesTo(tunnel);
        if (!leading.isEmpty() && !force) {
            throw new StateException(
                    Code.CONFLICT,
                    leading.size()
                            + (leading.size() == 1 ? " route leads" : " routes lead")
                            + " to tunnel "
                            + StateException.quoted(tunnel.name())
                            + ": "
                            + String.join(", ", leading.subList(0, Math.min(5, leading.size())))
                            + (leading.size() > 5 ? ", …" : ""),
                    "remove them first, or delete them with it by --force");
        }
        Instant now = now();
        database.transaction(c -> {
            RouteTable.deleteAllOf(c, tunnel.id());
            ConfigurationTable.clear(c, tunnel.id(), now);
            TunnelTable.delete(c, tunnel.id(), now);
            return true;
        });
        leading.forEach(routes::remove);
        tunnels.remove(tunnel.id());
        publish();
        LOG.info(
                "Tunnel deleted tunnel={} id={} routes={}",
                tunnel.name(),
                tunnel.id(),
                leading.size());
    }

    /// Replaces the secret; tokens given out before are worthless from now on.
    public synchronized TunnelSummary rotateTunnel(String nameOrId) throws StateException {
        Tunnel old = find(nameOrId);
        byte[] secret = random(SECRET_BYTES);
        SecretSeal.Sealed sealed = secrets.seal(old.id(), secret);
        Instant now = now();
        long rotation = old.rotation() + 1;
        database.transaction(c -> {
            TunnelTable.rotate(c, old.id(), now, rotation, sealed);
            return true;
        });
        Tunnel tunnel =
                Tunnel.ofSecret(old.id(), old.name(), old.createdAt(), rotation, secret)
                        .configured(old.configuration());
        tunnels.put(tunnel.id(), tunnel);
        publish();
        LOG.info(
                "Tunnel secret rotated tunnel={} id={} rotation={}",
                tunnel.name(),
                tunnel.id(),
                rotation);
        return summary(tunnel, routesTo(tunnel).size());
    }

    /// Gives a tunnel's connectors their rules from now on.
    ///
    /// @param json in connectors' form, checked
    public synchronized TunnelConfiguration configureTunnel(String nameOrId, String json)
            throws StateException {
        Tunnel tunnel = find(nameOrId);
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > TunnelConfiguration.MAX_BYTES) {
            throw new StateException(
                    Code.LIMIT,
                    "the configuration has "
                            + bytes
                            + " bytes (expected: at most "
                            + TunnelConfiguration.MAX_BYTES
                            + ")",
                    "use wildcards, or several tunnels");
        }
        Instant now = now();
        int version = database.transaction(c -> ConfigurationTable.put(c, tunnel.id(), json, now));
        TunnelConfiguration rules = new TunnelConfiguration(version, json);
        tunnels.put(tunnel.id(), tunnel.configured(rules));
        publish();
        LOG.info(
                "Tunnel configured tunnel={} id={} version={}",
                tunnel.name(),
                tunnel.id(),
                version);
        return rules;
    }

    public synchronized UUID tunnelId(String nameOrId) throws StateException {
        return find(nameOrId).id();
    }

    /// The rules a tunnel's connectors get.
    public synchronized TunnelConfiguration configuration(String nameOrId) throws StateException {
        Tunnel tunnel = find(nameOrId);
        TunnelConfiguration rules = tunnel.configuration();
        if (rules == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "tunnel " + StateException.quoted(tunnel.name()) + " has no configuration here",
                    "its connectors use their own; give it one: gateway tunnel configure "
                            + tunnel.name()
                            + " FILE");
        }
        return rules;
    }

    /// Connectors that start from now on use their own rules again; those that run keep what they have.
    public synchronized void removeConfiguration(String nameOrId) throws StateException {
        TunnelConfiguration old = configuration(nameOrId);
        Tunnel tunnel = find(nameOrId);
        Instant now = now();
        database.transaction(c -> {
            ConfigurationTable.clear(c, tunnel.id(), now);
            return true;
        });
        tunnels.put(tunnel.id(), tunnel.configured(null));
        publish();
        LOG.info(
                "Tunnel configuration removed tunnel={} id={} version={}",
                tunnel.name(),
                tunnel.id(),
                old.version());
    }

    /// What a connector registers with (`--token`). A secret.
    public synchronized String token(String nameOrId) throws StateException {
        Tunnel tunnel = find(nameOrId);
        SecretSeal.Sealed sealed =
                database.transaction(c -> TunnelTable.secret(c, tunnel.id())).orElseThrow();
        byte[] secret = secrets.unseal(tunnel.id(), sealed);
        return TunnelToken.format(new TunnelCredentials(accountTag, secret, tunnel.id(), null));
    }

    /// The edge answers this host itself: no route is taken for it from now on, and one that there is has no
    /// effect.
    ///
    /// @param why `is the …`
    public synchronized void reserve(String host, String why) {
        reserved.put(host, why);
        if (routes.containsKey(host)) {
            LOG.warn(
                    "A route has no effect: the edge answers this host itself hostname={} reason=\"it"
                            + " {}\" next=\"gateway route remove {}\"",
                    host,
                    why,
                    host);
        }
    }

    /// @param hostname as written; stored in normal form
    /// @param isPublic false adds it closed: nobody comes in until an application allows it
    public synchronized RouteSummary addRoute(String hostname, String tunnel, boolean isPublic)
            throws StateException {
        Hostname host = Hostname.parse(hostname);
        Tunnel target = find(tunnel);
        if (routes.size() >= MAX_ROUTES) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX_ROUTES + " routes already",
                    "remove routes that are not used, or use a wildcard");
        }
        String why = reserved.get(host.text());
        if (why != null) {
            throw new StateException(
                    Code.CONFLICT,
                    "hostname " + host + " " + why + ", and the edge answers it itself",
                    "choose another hostname for the service");
        }
        Route route = new Route(UUID.randomUUID(), host.text(), target.id(), isPublic, null, now());
        if (!database.transaction(c -> RouteTable.insert(c, route))) {
            throw new StateException(
                    Code.CONFLICT, "hostname " + host + " has a route already", "remove it first");
        }
        routes.put(route.hostname(), route);
        publish();
        LOG.info("Route added hostname={} tunnel={} public={}", host, target.name(), isPublic);
        return summary(route);
    }

    public synchronized void removeRoute(String hostname) throws StateException {
        Hostname host = Hostname.parse(hostname);
        Route route = routes.get(host.text());
        if (route == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "hostname " + host + " has no route",
                    "see which there are with: gateway route list");
        }
        database.transaction(c -> {
            RouteTable.delete(c, route.id());
            return true;
        });
        routes.remove(route.hostname());
        publish();
        LOG.info("Route removed hostname={}", host);
    }

    /// By hostname.
    public synchronized List<RouteSummary> listRoutes() {
        return routes.values().stream().map(this::summary).toList();
    }

    private Tunnel find(String nameOrId) throws StateException {
        UUID id = TunnelName.id(nameOrId);
        Tunnel found = null;
        if (id != null) {
            found = tunnels.get(id);
        } else {
            for (Tunnel tunnel : tunnels.values()) {
                if (tunnel.name().equals(nameOrId)) {
                    found = tunnel;
                }
            }
        }
        if (found == null) {
            throw new StateException(
                    Code.NOT_FOUND,
                    "no tunnel is called " + StateException.quoted(nameOrId),
                    "see which there are with: gateway tunnel list");
        }
        return found;
    }

    private List<String> routesTo(Tunnel tunnel) {
        return routes.values().stream()
                .filter(route -> route.tunnelId().equals(tunnel.id()))
                .map(Route::hostname)
                .toList();
    }

    private static TunnelSummary summary(Tunnel tunnel, int leading) {
        TunnelConfiguration rules = tunnel.configuration();
        return new TunnelSummary(
                tunnel.id(),
                tunnel.name(),
                tunnel.createdAt(),
                tunnel.rotation(),
                leading,
                rules == null ? null : new TunnelSummary.Configured(rules.version(), 0, 0));
    }

    private RouteSummary summary(Route route) {
        Tunnel tunnel = Objects.requireNonNull(tunnels.get(route.tunnelId()));
        return new RouteSummary(
                route.hostname(),
                route.tunnelId(),
                tunnel.name(),
                route.isPublic(),
                route.isClosed(),
                route.createdAt());
    }

    /// As precise as the database keeps it.
    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private void publish() {
        Directory next = new Directory(tunnels, routes);
        directory = next;
        for (Consumer<Directory> listener : listeners) {
            try {
                listener.accept(next);
            } catch (RuntimeException e) {
                // The change is committed; one listener's fault must not make it look refused.
                LOG.error("Listener for state changes failed", e);
            }
        }
    }

    /// Idempotent.
    @Override
    public synchronized void close() {
        database.close();
    }
}
