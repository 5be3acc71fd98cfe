package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Prompt;
import dev.culvert.plugin.ssh.edge.host.HostDialog.Question;
import java.io.IOException;
import java.net.SocketAddress;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.client.auth.keyboard.UserInteraction;
import org.apache.sshd.client.keyverifier.ServerKeyVerifier;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.kex.KexProposalOption;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionListener;
import org.jspecify.annotations.Nullable;

/// One session with a host from its beginning: what SSHD asks goes to the [HostDialog], and what ends it is
/// noted for [HostFailure].
///
/// SSHD calls on the session's reading thread; who waits for the sign-in is another.
final class HostAttempt implements SessionListener, ServerKeyVerifier, UserInteraction {
    static final AttributeRepository.AttributeKey<HostAttempt> KEY =
            new AttributeRepository.AttributeKey<>();
    static final List<String> ALL_METHODS =
            List.of("publickey", "keyboard-interactive", "password");
    private static final int MAX_PROMPTS = 16;

    private final Admitted admitted;
    private final String login;
    private final SignIn how;
    private final HostKeys keys;
    private final HostDialog dialog;
    private final CountDownLatch answered = new CountDownLatch(1);
    private @Nullable PublicKey trusted;
    private volatile @Nullable RefusedException refusal;
    private volatile @Nullable Throwable disagreement;
    private volatile @Nullable Throwable cause;
    private volatile @Nullable String lastWords;
    private volatile List<String> hostMethods = List.of();
    private volatile boolean partial;
    private volatile boolean identified;

    HostAttempt(Admitted admitted, String login, SignIn how, HostKeys keys, HostDialog dialog) {
        this.admitted = admitted;
        this.login = login;
        this.how = how;
        this.keys = keys;
        this.dialog = dialog;
    }

    static HostAttempt of(ClientSession session) {
        return Objects.requireNonNull(
                session.getConnectionContext().getAttribute(KEY), "a session without its attempt");
    }

    HostDialog dialog() {
        return dialog;
    }

    SignIn how() {
        return how;
    }

    /// To be called before anything is sent.
    void begin(ClientSession session) {
        session.addSessionListener(this);
        session.setServerKeyVerifier(this);
        session.setUserInteraction(this);
        try {
            List<String> expected = keys.expectedTypes(admitted);
            session.setSignatureFactories(
                    HostKeyOrder.first(expected, session.getSignatureFactories()));
        } catch (IOException e) {
            // The key itself is checked with the same store.
            cause = e;
        }
    }

    List<String> firstMethods() {
        return how instanceof SignIn.Password
                ? List.of("keyboard-interactive", "password")
                : List.of("publickey");
    }

    void hostTakes(List<String> methods, boolean partialSuccess) {
        hostMethods = methods;
        partial |= partialSuccess;
    }

    /// Released when the host has shown its key, or the session is over.
    CountDownLatch answered() {
        return answered;
    }

    HostFailure failure() {
        return new HostFailure(
                admitted.host(),
                login,
                refusal,
                disagreement,
                cause,
                lastWords,
                hostMethods,
                identified);
    }

    @Override
    public boolean verifyServerKey(ClientSession session, SocketAddress address, PublicKey shown) {
        answered.countDown();
        PublicKey before = trusted;
        if (before != null) {
            // Keys are exchanged anew in a session that goes on.
            return KeyUtils.compareKeys(before, shown);
        }
        try {
            keys.check(admitted, shown, dialog);
        } catch (RefusedException e) {
            refusal = e;
            return false;
        } catch (IOException e) {
            cause = e;
            refusal =
                    new RefusedException(
                            "host_key_unavailable",
                            "The keys of hosts cannot be read: " + e.getMessage() + ".",
                            "See the edge's log; try again.");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        trusted = shown;
        dialog.authenticating();
        return true;
    }

    @Override
    public void sessionPeerIdentificationReceived(
            Session session, String version, List<String> extraLines) {
        identified = true;
    }

    @Override
    public void sessionNegotiationEnd(
            Session session,
            Map<KexProposalOption, String> clientProposal,
            Map<KexProposalOption, String> serverProposal,
            Map<KexProposalOption, String> negotiatedOptions,
            @Nullable Throwable reason) {
        if (reason != null) {
            disagreement = reason;
        }
    }

    @Override
    public void sessionException(Session session, Throwable t) {
        if (cause == null) {
            cause = t;
        }
    }

    @Override
    public void sessionDisconnect(
            Session session, int reason, String msg, String language, boolean initiator) {
        if (!initiator) {
            lastWords = msg;
        }
    }

    @Override
    public void sessionClosed(Session session) {
        answered.countDown();
    }

    @Override
    public void welcome(ClientSession session, String banner, String lang) {
        dialog.banner(banner);
    }

    @Override
    public String @Nullable [] interactive(
            ClientSession session,
            String name,
            String instruction,
            String lang,
            String[] prompts,
            boolean[] echo) {
        if (prompts.length > MAX_PROMPTS) {
            refusal =
                    new RefusedException(
                            "sign_in_failed",
                            admitted.host() + " asks " + prompts.length + " questions at once.",
                            "At most " + MAX_PROMPTS + " are shown; sign in another way.");
            return null;
        }
        List<Prompt> list = new ArrayList<>();
        for (int i = 0; i < prompts.length; i++) {
            list.add(new Prompt(prompts[i], echo[i]));
        }
        List<String> answers = ask(new Question(name, instruction, list));
        return answers == null ? null : answers.toArray(String[]::new);
    }

    @Override
    public @Nullable String resolveAuthPasswordAttempt(ClientSession session) {
        Prompt prompt = new Prompt(login + "@" + admitted.host() + "'s password: ", false);
        List<String> answers = ask(new Question("", "", List.of(prompt)));
        return answers == null || answers.isEmpty() ? null : answers.getFirst();
    }

    @Override
    public @Nullable String getUpdatedPassword(ClientSession session, String prompt, String lang) {
        refusal =
                new RefusedException(
                        "password_expired",
                        "The password of "
                                + login
                                + " on "
                                + admitted.host()
                                + " has to be changed.",
                        "Change it on the host or with ssh, and connect again.");
        return null;
    }

    /// Who signs in another way is asked when that was good and not enough.
    private boolean mayAsk() {
        return how instanceof SignIn.Password || partial;
    }

    private @Nullable List<String> ask(Question question) {
        try {
            if (refusal != null || !mayAsk()) {
                return null;
            }
            List<String> answers = dialog.ask(question);
            if (answers == null) {
                refusal =
                        new RefusedException(
                                "sign_in_given_up",
                                "Nobody answered " + admitted.host() + ".",
                                "Connect again.");
            }
            return answers;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
