package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.HostCertificates;
import dev.culvert.plugin.ssh.edge.ca.Authority;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.io.StreamServer;
import dev.culvert.plugin.ssh.edge.io.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.common.CommonModuleProperties;
import org.apache.sshd.common.Service;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.config.keys.OpenSshCertificate;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.session.ServerConnectionServiceFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthServiceFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The SSH server for people with a stock `ssh`.
///
/// A connection goes through these steps: a place ([Doors]); keys, under a certificate of our authority; who it is
/// ([PublicKeyProof], [BrowserProof]), within [#UNKNOWN] or, while a browser is waited for, five minutes; and then,
/// by its user name, a [Relay] to a host (`LOGIN%HOST`) or the [Lobby], from where `-J` goes on ([JumpChannel]).
///
/// Thread-safe.
public final class Gateway implements AutoCloseable {
    static final Duration UNKNOWN = Duration.ofSeconds(60);
    static final int MAX_TRIES = 20;

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    /// While the thread that reads a connection makes its session.
    private static final ScopedValue<Visit> VISIT = ScopedValue.newInstance();

    private final EdgeServices services;
    private final ScheduledExecutorService timer;
    private final HostCertificates certificates;
    private final List<KeyPair> keys;
    private final String name;
    private final OwnHostDoor door;
    private final StreamServer server;
    private final Doors doors = new Doors();
    private final Set<Relay> relays = ConcurrentHashMap.newKeySet();
    private final ScheduledFuture<?> keepAlive;

    /// @param timer of [dev.culvert.plugin.ssh.edge.io.SessionTimer]; shut down by its owner
    /// @throws IOException when its keys cannot be read or made
    public Gateway(
            EdgeServices services,
            Authority authority,
            HostKeys hostKeys,
            ScheduledExecutorService timer)
            throws IOException {
        this.services = services;
        this.timer = timer;
        this.certificates = authority;
        this.keys = GatewayKeys.open(services.store());
        this.name = URI.create(services.authOrigin()).getHost();
        this.door = new OwnHostDoor(timer, hostKeys, authority);
        this.server = server(authority);
        this.keepAlive =
                timer.scheduleAtFixedRate(
                        () -> relays.forEach(relay -> relay.globals().keepAlive()),
                        KEEP_ALIVE.toSeconds(),
                        KEEP_ALIVE.toSeconds(),
                        TimeUnit.SECONDS);
    }

    private StreamServer server(Authority authority) throws IOException {
        StreamServer made = new StreamServer(timer);
        made.setKeyPairProvider(KeyPairProvider.wrap(keys));
        made.setHostKeyCertificateProvider(this::certificates);
        made.setPublickeyAuthenticator(new KnownKeys(services, authority));
        made.setUserAuthFactories(
                List.of(PublicKeyProof.factory(services), BrowserProof.factory(services)));
        made.setServiceFactories(List.of(userAuthService(), connectionService()));
        Lobby lobby = new Lobby(services);
        made.setShellFactory(lobby);
        made.setCommandFactory(lobby);
        made.setChannelFactories(
                List.of(ChannelSessionFactory.INSTANCE, JumpChannel.factory(this)));
        made.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionCreated(Session session) {
                        begin((ServerSession) session);
                    }
                });
        CoreModuleProperties.SERVER_IDENTIFICATION.set(made, "Culvert");
        CoreModuleProperties.AUTH_TIMEOUT.set(made, UNKNOWN);
        CoreModuleProperties.IDLE_TIMEOUT.set(made, Duration.ZERO);
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(made, MAX_TRIES);
        // SSHD opens one more than it is told.
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(made, Lobby.MAX_CHANNELS - 1);
        CoreModuleProperties.WINDOW_SIZE.set(made, Lobby.WINDOW);
        CommonModuleProperties.SESSION_HEARTBEAT_TYPE.set(made, HeartbeatType.IGNORE);
        CommonModuleProperties.SESSION_HEARTBEAT_INTERVAL.set(made, KEEP_ALIVE);
        made.start();
        return made;
    }

    private static void begin(ServerSession session) {
        Visit visit = VISIT.get();
        visit.isOf(session);
        if (visit.outer() != null) {
            InsideProof.expect(session);
        }
    }

    private static ServiceFactory userAuthService() {
        return new ServerUserAuthServiceFactory() {
            @Override
            public Service create(Session session) throws IOException {
                Visit.of(session).begins(getName());
                return super.create(session);
            }
        };
    }

    private ServiceFactory connectionService() {
        return new ServiceFactory() {
            @Override
            public String getName() {
                return "ssh-connection";
            }

            @Override
            public Service create(Session session) throws IOException {
                if (!session.isAuthenticated()) {
                    throw new GatewayProtocolException("nobody has signed in");
                }
                Visit visit = Visit.of(session);
                visit.begins(getName());
                boolean named = visit.outer() != null || session.getUsername().indexOf('%') >= 0;
                int most = named ? Doors.MAX_OF_ONE_PERSON : Doors.MAX_IN_LOBBY;
                if (!visit.known(most)) {
                    return new TooManyService(session, timer, most);
                }
                return named
                        ? new ClientService(session, Gateway.this)
                        : ServerConnectionServiceFactory.INSTANCE.create(session);
            }
        };
    }

    /// Those for the name that the client has asked for: the host's inside of `-J`, else that of the auth host.
    private List<OpenSshCertificate> certificates(SessionContext session) {
        Admitted outer = Visit.of((Session) session).outer();
        String hostname = outer == null ? name : outer.host();
        List<OpenSshCertificate> made = new ArrayList<>();
        try {
            for (KeyPair pair : keys) {
                made.add(certificates.issue(pair.getPublic(), hostname));
            }
        } catch (RefusedException e) {
            log.warn("The gateway has no certificate host={} reason={}", hostname, e.getMessage());
        }
        return made;
    }

    EdgeServices services() {
        return services;
    }

    /// Lets somebody in to a host, if its policies do and what has proven who it is leads there.
    Admitted admit(Visit visit, Person person, String host) throws IOException {
        Admitted admitted = services.admit(person, host, visit.address());
        String only = visit.application();
        if (only == null || only.equals(admitted.application())) {
            return admitted;
        }
        services.audit(AuditNote.of(admitted, "denied", "use", "certificate", "certificate", only));
        admitted.close();
        throw new RefusedException(
                "other_application",
                "Your certificate is for "
                        + only
                        + ", and "
                        + host
                        + " is a host of "
                        + admitted.application(),
                "Get one for it: access ssh-gen --hostname "
                        + host
                        + ", or come without a certificate");
    }

    /// Speaks with a client until it is done.
    public void accept(Connection client) throws IOException {
        try (Doors.Place place = doors.take(client.remote().getAddress(), client::close)) {
            String address = client.remote().getAddress().getHostAddress();
            serve(Wire.of(client), new Visit(address, null, place));
        } catch (Doors.FullException e) {
            // Before its version a server may say anything (RFC 4253, section 4.2); clients show
            // it.
            client.output().write((e.getMessage() + ".\r\n").getBytes(StandardCharsets.US_ASCII));
            client.output().flush();
        } finally {
            client.close();
        }
    }

    /// Speaks with a client inside of another connection until it is done.
    void serveInside(Wire wire, Admitted admitted, String address) throws IOException {
        serve(wire, new Visit(address, admitted, null));
    }

    private void serve(Wire wire, Visit visit) throws IOException {
        ScopedValue.where(VISIT, visit)
                .call(() -> {
                    server.serve(wire);
                    return true;
                });
    }

    Relay relay(Admitted admitted, String login, RelayEnd client) {
        Relay relay = new Relay(services, admitted, login, client, door);
        relays.add(relay);
        return relay;
    }

    void over(Relay relay) {
        relays.remove(relay);
        relay.clientIsOver();
    }

    /// Ends everything that is under way. Idempotent.
    @Override
    public void close() {
        keepAlive.cancel(false);
        relays.forEach(relay -> relay.end("The edge is about to stop."));
        server.close(true);
        door.close();
    }
}
