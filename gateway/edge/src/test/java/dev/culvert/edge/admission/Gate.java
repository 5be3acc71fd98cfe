package dev.culvert.edge.admission;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditJson;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.front.EdgeMetrics;
import dev.culvert.edge.front.PublicLimits;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.front.PublicTarget;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.identity.Standing;
import dev.culvert.edge.plugins.EdgePlugins;
import dev.culvert.edge.plugins.Entries;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.plugins.PluginServices;
import dev.culvert.edge.plugins.PluginValues;
import dev.culvert.edge.plugins.ProbePlugin;
import dev.culvert.edge.plugins.ServiceStreams;
import dev.culvert.edge.signin.AuthSite;
import dev.culvert.edge.signin.LoginMethod;
import dev.culvert.edge.signin.SignInExchange;
import dev.culvert.edge.signin.SshConfirmations;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.edge.tokens.AccessToken;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.edge.tunnel.JoinedTunnel;
import dev.culvert.edge.tunnel.Traffic;
import dev.culvert.edge.tunnel.TunnelConnection;
import dev.culvert.edge.tunnel.TunnelRegistry;
import dev.culvert.policy.Application;
import dev.culvert.policy.Identity;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.testing.Eventually;
import dev.culvert.transport.testing.IdleCarrier;
import dev.culvert.transport.testing.Side;
import dev.culvert.transport.testing.SideTarget;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// The gate of an edge with everything behind it real but the tunnel, whose streams the test answers.
/// Hosts `wiki.example.com` and `ssh.example.com` have routes; people sign in at `auth.example.com` by
/// saying who they are.
public final class Gate implements AutoCloseable {
    public static final String RULES =
            """
            groups:
              - name: staff
                include: [{email_domain: example.com}]
            applications:
              - name: wiki
                domains: [wiki.example.com]
                contact: help@example.com
                policies:
                  - {name: ci, decision: service_auth, include: [{service_token: ci}]}
                  - {name: staff, decision: allow, include: [{group: staff}], exclude: [{email: bob@example.com}]}
              - name: shell
                kind: ssh
                domains: [ssh.example.com]
                policies:
                  - {name: staff, decision: allow, include: [{group: staff}]}
              - name: terminal
                kind: ssh
                browser: true
                domains: [terminal.example.com]
                ssh: {recording: required}
                policies:
                  - {name: staff, decision: allow, include: [{group: staff}]}
              - name: open
                domains: [wiki.example.com/public]
                policies:
                  - {name: all, decision: bypass, include: [{everyone: {}}]}
            """;

    private final StateDirectory directory;
    public final State state;
    public final Path folder;
    public final MovedClock clock = new MovedClock();
    public final RulesInForce rules;
    public final Sessions sessions;
    public final ServiceTokens serviceTokens;
    public final SigningKeys keys;
    public final Tokens tokens;
    public final AuditLog audit;
    public final Admission admission;
    public final PublicTarget target;
    public final SideTarget origin = new SideTarget();
    private final TunnelRegistry registry = new TunnelRegistry();
    private final EventLoop loop = new DefaultEventLoop();
    private final EventLoops loops = new EventLoops("gate", 1);
    public final ProbePlugin probe = new ProbePlugin();
    public final PluginServices.Parts parts;
    public final EdgePlugins plugins = new EdgePlugins(List.of(probe));
    private final EdgeMetrics metrics = new EdgeMetrics(new SimpleMeterRegistry());

    /// Who says so is an administrator, and nothing ever changes.
    private static final class Claims implements Standing {
        @Override
        public boolean isAdmin(Identity identity) {
            return identity.email().equals("admin@example.com");
        }

        @Override
        public boolean changedSince(Identity identity, Instant moment) {
            return false;
        }
    }

    /// A clock that tests move.
    public static final class MovedClock implements InstantSource {
        private volatile Duration ahead = Duration.ZERO;

        public void pass(Duration time) {
            ahead = ahead.plus(time);
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(ahead);
        }
    }

    public Gate(Path temp) throws Exception {
        folder = temp.resolve("state");
        directory = StateDirectory.open(folder);
        state = State.open(directory, null);
        state.createTunnel("home");
        for (String host :
                List.of(
                        "wiki.example.com",
                        "ssh.example.com",
                        "terminal.example.com",
                        "shut.example.com")) {
            state.addRoute(host, "home", false);
        }
        state.addRoute("public.example.com", "home", true);
        rules =
                new RulesInForce(
                        state.database(),
                        null,
                        new RulesFit("auth.example.com", List.of("claimed"), true, true),
                        clock);
        rules.apply(RULES, "test");
        sessions = new Sessions(state.database(), clock);
        serviceTokens = new ServiceTokens(state.database(), clock);
        keys = new SigningKeys(state.database(), state.secrets(), clock);
        AuthAddress auth = new AuthAddress("auth.example.com", () -> 443);
        tokens = new Tokens(keys, auth::origin, clock);
        audit = new AuditLog(state.database(), folder, clock).start();
        admission =
                new Admission(
                        rules,
                        sessions,
                        serviceTokens,
                        tokens,
                        audit,
                        AuthSite.of(
                                new AuthSite.Parts(
                                        auth,
                                        rules,
                                        sessions,
                                        tokens,
                                        keys,
                                        audit,
                                        Duration.ofHours(24),
                                        new Claims(),
                                        new SshKeys(state.database(), clock),
                                        new SshConfirmations(clock, auth::origin),
                                        clock),
                                List.of(new Claimed()),
                                exchange -> exchange.say(200, "Account", ""),
                                exchange -> exchange.say(200, "Admin", ""),
                                path ->
                                        plugins.ofAuthPath(path) == null
                                                ? null
                                                : exchange -> exchange.say(200, "Plugin", path)),
                        auth,
                        clock);
        target = target(plugins);
        connect();
        parts =
                new PluginServices.Parts(
                        new Entries(
                                admission,
                                new ServiceStreams(state::directory, registry, loops),
                                metrics),
                        admission,
                        sessions,
                        new SshKeys(state.database(), clock),
                        new SshConfirmations(clock, auth::origin),
                        auth,
                        audit,
                        PublicListener.Countries.UNKNOWN,
                        new NoRecordings(),
                        new LiveSessions(),
                        null,
                        clock);
        plugins.start(
                parts,
                name -> new PluginValues(state.database(), state.secrets(), name, clock),
                Map.of(ProbePlugin.NAME, new InetSocketAddress("127.0.0.1", 0)));
    }

    /// The gate with something else that answers in browsers.
    public PublicTarget target(InBrowser inBrowser) {
        return new PublicTarget(
                state::directory,
                registry,
                metrics,
                1000,
                PublicLimits.DEFAULT,
                admission,
                inBrowser);
    }

    /// A way in for who claims to be somebody.
    private static final class Claimed implements LoginMethod {
        @Override
        public String name() {
            return "claimed";
        }

        @Override
        public String title() {
            return "Claim";
        }

        @Override
        public Look look() {
            return Look.CODE;
        }

        @Override
        public void handle(SignInExchange exchange) throws IOException {
            if (exchange.method().equals("POST")) {
                exchange.signedIn(identity(exchange.form().text("email")));
            } else {
                exchange.showWaysIn(200, "Claim to be somebody.");
            }
        }
    }

    public static Identity identity(String email) {
        return new Identity(
                "id-" + email, email, "Somebody", "claimed", List.of("pwd"), List.of(), Map.of());
    }

    private void connect() {
        UUID tunnel = state.listTunnels().getFirst().id();
        JoinedTunnel.register(
                registry,
                new TunnelConnection(
                        UUID.randomUUID(),
                        tunnel,
                        0,
                        new UUID(0, 1),
                        0,
                        "test",
                        new InetSocketAddress("127.0.0.1", 1),
                        Instant.EPOCH,
                        new OriginCarrier(),
                        new Traffic()));
    }

    private final class OriginCarrier extends IdleCarrier {
        OriginCarrier() {
            super(loop);
        }

        @Override
        public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop on) {
            return origin.open(request, caller, on);
        }
    }

    public static StreamRequest request(
            String method, String authority, String path, String... headers) {
        return new StreamRequest(
                StreamKind.HTTP, method, authority, path, HeaderList.of(headers), true);
    }

    public static StreamRequest get(String authority, String path, String... headers) {
        return request("GET", authority, path, headers);
    }

    public static StreamRequest webSocket(String authority, String... headers) {
        return new StreamRequest(
                StreamKind.WEBSOCKET, "GET", authority, "/", HeaderList.of(headers), false);
    }

    /// Sends a request; does not wait.
    public Side send(StreamRequest request) {
        return send(request, "192.0.2.7");
    }

    public Side send(StreamRequest request, String address) {
        return send(target, request, address);
    }

    public Side send(PublicTarget target, StreamRequest request, String address) {
        Visitor visitor = Visitor.of(address, InetAddress.ofLiteral(address));
        Side side = new Side(loop);
        side.onLoop(() -> side.meet(target.forClient(visitor).open(request, side, loop)));
        return side;
    }

    /// Sends a request that the edge answers itself.
    public Side ask(StreamRequest request) {
        Side side = send(request);
        side.awaitEnd();
        return side;
    }

    public Application application(String name) {
        return Objects.requireNonNull(rules.engine().application(name));
    }

    public Session signIn(String email) throws Exception {
        return begin(email).session();
    }

    /// The cookie of a browser in which somebody has signed in.
    public String browserOf(String email) throws Exception {
        return "__Host-culvert_session=" + begin(email).secret();
    }

    private Sessions.Begun begin(String email) throws Exception {
        return sessions.begin(
                Session.Kind.BROWSER, identity(email), "192.0.2.7", "test", Duration.ofHours(24));
    }

    /// A token for an application.
    public String token(Session session, String application) {
        return tokens.issue(
                AccessToken.Type.APP,
                application(application).aud(),
                session.id(),
                session.identity(),
                session.expiresAt());
    }

    /// The audit log so far, the oldest first.
    public List<AuditEvent> audited() throws Exception {
        audit.recorded(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked").build()).join();
        return audit.find(AuditQuery.after(0, 10_000)).stream()
                .filter(event -> !event.actor().equals("test"))
                .toList();
    }

    /// As JSON lines.
    public String auditLines() throws Exception {
        return audited().stream()
                .map(event -> AuditJson.of(event).toString())
                .collect(Collectors.joining("\n"));
    }

    public void awaitAudited(AuditEvent.Kind kind, String outcome) {
        Eventually.until(
                () -> "an event " + kind + " " + outcome,
                () -> {
                    try {
                        return audited().stream()
                                .anyMatch(e -> e.kind() == kind && e.outcome().equals(outcome));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });
    }

    @Override
    public void close() throws Exception {
        plugins.close();
        loops.close();
        admission.close();
        audit.close();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        state.close();
        directory.close();
    }
}
