package dev.culvert.edge;

import dev.culvert.edge.admin.AccessParts;
import dev.culvert.edge.admin.Live;
import dev.culvert.edge.adminarea.AdminArea;
import dev.culvert.edge.adminarea.Samples;
import dev.culvert.edge.admission.Admission;
import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.RulesFit;
import dev.culvert.edge.admission.RulesInForce;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.certificates.AuthorityFiles;
import dev.culvert.edge.certificates.BadCertificateException;
import dev.culvert.edge.front.ClientCertificates;
import dev.culvert.edge.front.EdgeMetrics;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.CountryDatabase;
import dev.culvert.edge.identity.FirstAdmin;
import dev.culvert.edge.identity.LocalAccounts;
import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.identity.Users;
import dev.culvert.edge.plugins.EdgePlugins;
import dev.culvert.edge.plugins.Entries;
import dev.culvert.edge.plugins.LiveSessions;
import dev.culvert.edge.plugins.PluginServices;
import dev.culvert.edge.plugins.PluginValues;
import dev.culvert.edge.plugins.ServiceStreams;
import dev.culvert.edge.recordings.EdgeRecordings;
import dev.culvert.edge.signin.AuthSite;
import dev.culvert.edge.signin.LocalLogin;
import dev.culvert.edge.signin.LoginMethod;
import dev.culvert.edge.signin.OwnAccount;
import dev.culvert.edge.signin.OwnPaths;
import dev.culvert.edge.signin.SshConfirmations;
import dev.culvert.edge.signin.WaysIn;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.transport.tls.ClientAuthorities;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Who may come in, of a running edge: opens what that takes, keeps it in order, and has open streams
/// reviewed when something changed and twice a second.
///
/// Thread-safe once opened.
public final class EdgeAccess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgeAccess.class);
    private static final long REVIEW_MILLIS = 500;
    private static final Duration MAINTENANCE = Duration.ofMinutes(1);

    private final State state;
    private final EdgePlugins plugins;
    private final @Nullable InetSocketAddress sshListen;
    private final @Nullable GuacdSettings guacd;
    private final LiveSessions desktops = new LiveSessions();
    private final InstantSource clock = InstantSource.system();
    private final EdgeRecordings recordings;
    private final AuthAddress address;
    private final RulesInForce rules;
    private final Sessions sessions;
    private final ServiceTokens serviceTokens;
    private final AuditLog audit;
    private final Duration auditKept;
    private final AccessParts parts;
    private final SigningKeys keys;
    private final SshKeys sshKeys;
    private final SshConfirmations confirmations;
    private final Users users;
    private final LocalAccounts accounts;
    private final WaysIn waysIn;
    private final Admission admission;
    private final @Nullable CountryDatabase countries;
    private final ClientCertificates clientCertificates;
    private final Samples samples;
    private final Semaphore changed = new Semaphore(0);
    private final List<Thread> threads = new ArrayList<>();
    private volatile Live live = Live.NOTHING;
    private volatile boolean closed;

    private EdgeAccess(
            AccessConfig config,
            State state,
            Path directory,
            IntSupplier publicPort,
            EdgePlugins plugins)
            throws StateException, BadCertificateException {
        this.state = state;
        this.plugins = plugins;
        this.sshListen = config.sshListen();
        this.guacd = config.guacd();
        CallerConfig callers = config.callers();
        Path countryFile = callers.countryDatabase();
        List<X509Certificate> authorities = AuthorityFiles.read(callers.clientAuthorities());
        countries = countryFile == null ? null : CountryDatabase.open(countryFile);
        address = new AuthAddress(config.authHost(), publicPort);
        address.reserve(state);
        RulesFit fit = AccessConfig.fit(config.authHost(), config.identity(), callers);
        rules = new RulesInForce(state.database(), config.rules(), fit, clock);
        sessions = new Sessions(state.database(), clock);
        serviceTokens = new ServiceTokens(state.database(), clock);
        keys = new SigningKeys(state.database(), state.secrets(), clock);
        sshKeys = new SshKeys(state.database(), clock);
        confirmations = new SshConfirmations(clock, address::origin);
        Tokens tokens = new Tokens(keys, () -> config.issuer(publicPort.getAsInt()), clock);
        audit = new AuditLog(state.database(), directory, clock);
        auditKept = config.auditKept();
        recordings = EdgeRecordings.open(config.recordings(), state, directory, audit, clock);
        accounts = LocalAccounts.open(state.database(), state.secrets(), clock, config.authHost());
        users = accounts.users();
        users.onChange(this::changed);
        parts =
                new AccessParts(
                        state,
                        rules,
                        sessions,
                        serviceTokens,
                        users,
                        accounts.invitations(),
                        accounts.passkeys(),
                        audit,
                        recordings,
                        desktops,
                        address::origin);
        waysIn = waysIn(config, clock);
        List<LoginMethod> methods = new ArrayList<>();
        if (config.identity().local()) {
            methods.add(new LocalLogin(accounts, sessions, audit));
        }
        methods.addAll(waysIn.methods());
        samples = new Samples(() -> live, clock);
        admission =
                new Admission(
                        rules,
                        sessions,
                        serviceTokens,
                        tokens,
                        audit,
                        AuthSite.of(
                                new AuthSite.Parts(
                                        address,
                                        rules,
                                        sessions,
                                        tokens,
                                        keys,
                                        audit,
                                        config.identity().sessionDuration(),
                                        users,
                                        sshKeys,
                                        confirmations,
                                        clock),
                                methods,
                                new OwnAccount(accounts, sessions, audit, clock),
                                new AdminArea(parts, () -> live, samples, countries()),
                                EdgeAccess.ownPaths(plugins)),
                        address,
                        clock);
        sessions.onEnd(session -> changed.release());
        serviceTokens.onChange(token -> changed.release());
        rules.onChange(changed::release);
        clientCertificates =
                new ClientCertificates(
                        authorities.isEmpty() ? null : new ClientAuthorities(authorities),
                        rules::engine);
        // Those of the configuration were checked with it.
        rules.problems().forEach(problem -> log.warn("Rules do not fit this edge: {}", problem));
    }

    private static OwnPaths ownPaths(EdgePlugins plugins) {
        return path -> {
            EdgeHalf half = plugins.ofAuthPath(path);
            return half == null
                    ? null
                    : exchange -> half.auth(path, exchange.visitor().text(), exchange.http());
        };
    }

    private WaysIn waysIn(AccessConfig config, InstantSource clock) throws StateException {
        try {
            return WaysIn.open(config.identity(), config.authHost(), audit::record, clock);
        } catch (IOException e) {
            throw new StateException(
                    StateException.Code.STORAGE,
                    "the system's certificates cannot be read: " + e.getMessage(),
                    "install ca-certificates, or give each provider a ca_file",
                    e);
        }
    }

    private void changed(User user) {
        if (user.isEnabled()) {
            return;
        }
        try {
            sessions.endAll(session -> session.identity().id().equals(user.id().toString()));
        } catch (StateException e) {
            log.error("The sessions of a disabled user could not be ended user={}", user.id(), e);
        }
    }

    /// A one-time link by which the first administrator is made, a secret; empty when there is one.
    public Optional<String> firstAdminLink() throws StateException {
        return FirstAdmin.link(accounts.invitations(), address.origin());
    }

    /// @param directory the state directory
    /// @param publicPort of the public listener, known once it listens
    /// @param plugins that have not started
    static EdgeAccess open(
            AccessConfig config,
            State state,
            Path directory,
            IntSupplier publicPort,
            EdgePlugins plugins)
            throws StateException, BadCertificateException {
        EdgeAccess access = new EdgeAccess(config, state, directory, publicPort, plugins);
        access.audit.start();
        if (access.countries != null) {
            access.countries.watch();
        }
        return access;
    }

    /// Before users come in. Blocking.
    ///
    /// @param streams into the tunnels
    void startPlugins(ServiceStreams streams, EdgeMetrics metrics) throws StateException {
        plugins.start(
                new PluginServices.Parts(
                        new Entries(admission, streams, metrics),
                        admission,
                        sessions,
                        sshKeys,
                        confirmations,
                        address,
                        audit,
                        countries(),
                        recordings,
                        desktops,
                        guacd,
                        clock),
                name -> new PluginValues(state.database(), state.secrets(), name, clock),
                sshListen == null ? Map.of() : Map.of("ssh", sshListen));
    }

    /// @param running what goes on in the edge
    /// @param review ends the streams that would not be let in now
    void start(Live running, Runnable review) {
        live = running;
        threads.add(Thread.ofVirtual().name("samples").start(samples::run));
        threads.add(Thread.ofVirtual().name("review").start(() -> review(review)));
        threads.add(Thread.ofVirtual().name("maintenance").start(this::maintain));
    }

    ClientCertificates clientCertificates() {
        return clientCertificates;
    }

    PublicListener.Countries countries() {
        return countries == null ? PublicListener.Countries.UNKNOWN : countries::country;
    }

    Admission admission() {
        return admission;
    }

    AccessParts parts() {
        return parts;
    }

    public AuthAddress address() {
        return address;
    }

    public RulesInForce rules() {
        return rules;
    }

    public Sessions sessions() {
        return sessions;
    }

    public ServiceTokens serviceTokens() {
        return serviceTokens;
    }

    /// Public keys that people have registered.
    public SshKeys sshKeys() {
        return sshKeys;
    }

    /// What SSH clients wait for.
    public SshConfirmations confirmations() {
        return confirmations;
    }

    public Users users() {
        return users;
    }

    public AuditLog audit() {
        return audit;
    }

    private void review(Runnable review) {
        while (!closed) {
            try {
                if (changed.tryAcquire(REVIEW_MILLIS, TimeUnit.MILLISECONDS)) {
                    changed.drainPermits();
                }
                review.run();
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                log.error("Open streams could not be reviewed", e);
            }
        }
    }

    private void maintain() {
        while (!closed) {
            try {
                Thread.sleep(MAINTENANCE);
                sessions.maintain();
                serviceTokens.maintain();
                sshKeys.maintain();
                keys.maintain();
                admission.maintain();
                audit.maintain();
                audit.prune(auditKept);
                recordings.maintain();
            } catch (InterruptedException e) {
                return;
            } catch (StateException | RuntimeException e) {
                log.warn("Maintenance of sessions and tokens failed", e);
            }
        }
    }

    /// Writes down what is under way. Idempotent. Blocking.
    @Override
    public void close() {
        closed = true;
        threads.forEach(Thread::interrupt);
        if (countries != null) {
            countries.close();
        }
        waysIn.close();
        // What they carry ends while it can still be recorded and written down.
        plugins.close();
        admission.close();
        recordings.close();
        audit.close();
    }
}
