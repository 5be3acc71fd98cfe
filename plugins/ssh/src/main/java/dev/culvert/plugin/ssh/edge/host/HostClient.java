package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.plugin.ssh.edge.Credential;
import dev.culvert.plugin.ssh.edge.UserCertificates;
import dev.culvert.plugin.ssh.edge.io.StreamClient;
import dev.culvert.plugin.ssh.edge.io.Wire;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.KeyPair;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.sshd.client.auth.keyboard.UserAuthKeyboardInteractiveFactory;
import org.apache.sshd.client.auth.password.UserAuthPasswordFactory;
import org.apache.sshd.client.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.client.future.AuthFuture;
import org.apache.sshd.client.session.ClientConnectionServiceFactory;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.ServiceFactory;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.apache.sshd.core.CoreModuleProperties;
import org.jspecify.annotations.Nullable;

/// Opens sessions with hosts behind the tunnel, for the browser's terminal and for the gateway.
///
/// A host has [#SILENCE] to show its key; the user and the host together [#SIGN_IN] from there. A session that
/// is open may be idle for as long as the host answers every [#KEEP_ALIVE], three times in a row at the latest.
///
/// Thread-safe.
public final class HostClient implements AutoCloseable {
    static final Duration SILENCE = Duration.ofSeconds(20);
    static final Duration SIGN_IN = Duration.ofMinutes(3);
    static final Duration KEEP_ALIVE = Duration.ofSeconds(30);

    private final StreamClient client;
    private final HostKeys keys;
    private final UserCertificates certificates;
    private final Duration silence;

    /// @param timer shared by whoever does SSH; shut down by its owner
    public HostClient(
            ScheduledExecutorService timer, HostKeys keys, UserCertificates certificates) {
        this(timer, keys, certificates, ClientConnectionServiceFactory.INSTANCE);
    }

    /// @param connection what is done in sessions, once somebody is signed in
    public HostClient(
            ScheduledExecutorService timer,
            HostKeys keys,
            UserCertificates certificates,
            ServiceFactory connection) {
        this(timer, keys, certificates, connection, SILENCE);
    }

    /// @param silence that a host may keep before it shows its key
    HostClient(
            ScheduledExecutorService timer,
            HostKeys keys,
            UserCertificates certificates,
            ServiceFactory connection,
            Duration silence) {
        this.silence = silence;
        this.keys = keys;
        this.certificates = certificates;
        client = new StreamClient(timer);
        client.setServiceFactories(List.of(HostAuthService.FACTORY, connection));
        client.setUserAuthFactories(
                List.of(
                        UserAuthPublicKeyFactory.INSTANCE,
                        UserAuthKeyboardInteractiveFactory.INSTANCE,
                        UserAuthPasswordFactory.INSTANCE));
        client.setAgentFactory(new UserAgents());
        client.addSessionListener(
                new SessionListener() {
                    @Override
                    public void sessionCreated(Session session) {
                        if (session instanceof ClientSession host) {
                            HostAttempt.of(host).begin(host);
                        }
                    }
                });
        // Its key may be a known one all the same: HostKeys decides.
        CoreModuleProperties.ABORT_ON_INVALID_CERTIFICATE.set(client, false);
        CoreModuleProperties.ALLOW_EMPTY_CERTIFICATE_PRINCIPALS.set(client, false);
        CoreModuleProperties.AUTH_TIMEOUT.set(client, SIGN_IN);
        CoreModuleProperties.IDLE_TIMEOUT.set(client, Duration.ZERO);
        CoreModuleProperties.HEARTBEAT_INTERVAL.set(client, KEEP_ALIVE);
        CoreModuleProperties.HEARTBEAT_REQUEST.set(client, "keepalive@openssh.com");
        CoreModuleProperties.HEARTBEAT_NO_REPLY_MAX.set(client, 3);
        client.start();
    }

    /// Whom a session of this client's asks.
    public static HostDialog dialog(Session session) {
        return HostAttempt.of((ClientSession) session).dialog();
    }

    /// Opens a stream to the host, checks whose key it shows and signs in. Blocking; may be interrupted.
    ///
    /// @throws RefusedException with one of the codes of `docs/errors.md`
    public HostSession open(Admitted admitted, String login, SignIn how, HostDialog dialog)
            throws IOException, InterruptedException {
        KeyPair proof = proof(admitted, login, how);
        TunnelStream stream = admitted.open();
        HostAttempt attempt = new HostAttempt(admitted, login, how, keys, dialog);
        ClientSession session = begin(Wire.of(stream, admitted.host()), login, attempt);
        boolean opened = false;
        try {
            signIn(session, how, proof, attempt);
            opened = true;
            return new HostSession(admitted, login, session);
        } catch (InterruptedIOException e) {
            InterruptedException interrupted = new InterruptedException("sign-in interrupted");
            interrupted.initCause(e);
            throw interrupted;
        } finally {
            if (proof != null) {
                session.removePublicKeyIdentity(proof);
            }
            if (!opened) {
                session.close(true);
            }
        }
    }

    private @Nullable KeyPair proof(Admitted admitted, String login, SignIn how)
            throws RefusedException {
        return switch (how) {
            case SignIn.Certificate _ -> {
                Credential credential = certificates.issue(admitted, login);
                yield new KeyPair(credential.certificate(), credential.pair().getPrivate());
            }
            case SignIn.PastedKey pasted -> PastedKeys.read(pasted);
            case SignIn.Password _ -> null;
            case SignIn.Agent _ -> null;
        };
    }

    private ClientSession begin(Wire wire, String login, HostAttempt attempt) throws IOException {
        try {
            return client.connect(login, wire, Map.of(HostAttempt.KEY, attempt))
                    .verify(SILENCE)
                    .getSession();
        } catch (IOException e) {
            wire.close();
            throw attempt.failure().because();
        }
    }

    private void signIn(
            ClientSession session, SignIn how, @Nullable KeyPair proof, HostAttempt attempt)
            throws IOException, InterruptedException {
        if (proof != null) {
            session.addPublicKeyIdentity(proof);
        }
        AuthFuture signedIn = session.auth();
        if (!attempt.answered().await(silence.toMillis(), TimeUnit.MILLISECONDS)) {
            throw HostFailure.silent(attempt.failure().host(), attempt.failure().identified());
        }
        if (!signedIn.await(SIGN_IN)) {
            throw HostFailure.silent(attempt.failure().host(), true);
        }
        if (!signedIn.isSuccess()) {
            throw attempt.failure().because();
        }
    }

    /// Ends all sessions.
    @Override
    public void close() {
        client.close(true);
    }
}
