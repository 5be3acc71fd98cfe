package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.Confirmation;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.AsyncAuthException;
import org.apache.sshd.server.auth.UserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.session.ServerSession;
import org.apache.sshd.server.session.ServerUserAuthService;
import org.jspecify.annotations.Nullable;

/// The method `keyboard-interactive`: shows an address and a code, asks nothing, and waits until somebody has
/// confirmed in a browser. The wait ends with the connection, or with the client's next request.
///
/// SSHD's thread goes on meanwhile, so that a client that gives up is noticed.
final class BrowserProof extends AbstractUserAuth {
    private static final String NAME = "keyboard-interactive";
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final EdgeServices services;
    private volatile @Nullable Confirmation asked;
    private volatile @Nullable Thread waiting;

    private BrowserProof(EdgeServices services) {
        super(NAME);
        this.services = services;
    }

    static UserAuthFactory factory(EdgeServices services) {
        return new UserAuthFactory() {
            @Override
            public String getName() {
                return NAME;
            }

            @Override
            public UserAuth createUserAuth(ServerSession session) {
                return new BrowserProof(services);
            }
        };
    }

    @Override
    protected @Nullable Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        if (init) {
            return ask();
        }
        Confirmation confirmation = asked;
        if (buffer.getUByte() != SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE
                || confirmation == null
                || waiting != null) {
            return false;
        }
        AsyncAuthException answer = new AsyncAuthException();
        ServerUserAuthService lock = getServerSession().getService(ServerUserAuthService.class);
        waiting =
                Thread.ofVirtual()
                        .name("ssh-confirm")
                        .start(() -> await(confirmation, answer, lock));
        throw answer;
    }

    private @Nullable Boolean ask() throws IOException {
        ServerSession session = getServerSession();
        Visit visit = Visit.of(session);
        Target target = Target.parse(getUsername());
        String program = Visit.program(session) + (target == null ? "" : " to " + target.host());
        Confirmation confirmation;
        try {
            confirmation = services.confirm(program, visit.address());
        } catch (RefusedException e) {
            say("", e.getMessage() + " " + e.next());
            return null;
        }
        asked = confirmation;
        session.addCloseFutureListener(closed -> destroy());
        CoreModuleProperties.AUTH_TIMEOUT.set(session, Confirmation.LIFE.plus(MARGIN));
        session.resetAuthTimeout();
        say(
                "Confirm in a browser that this is you:",
                "\n  "
                        + confirmation.url()
                        + "\n\nThe page shows this code:  "
                        + confirmation.code()
                        + "\nWaiting for it, for five minutes at most ...\n");
        return null;
    }

    /// A request for information without a question: clients show it and answer at once.
    private void say(String name, String instruction) throws IOException {
        ServerSession session = getServerSession();
        Buffer packet =
                session.createBuffer(
                        SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST,
                        name.length() + instruction.length() + 32);
        packet.putString(name);
        packet.putString(instruction);
        packet.putString("");
        packet.putInt(0);
        session.writePacket(packet);
    }

    private void await(
            Confirmation confirmation, AsyncAuthException answer, ServerUserAuthService lock) {
        Person person = null;
        try {
            person = confirmation.await(Confirmation.LIFE);
        } catch (RefusedException e) {
            // In the audit log already; the client hears that it is not let in.
        } catch (InterruptedException e) {
            return;
        }
        decide(person, answer, lock);
    }

    /// Who it is and that it is somebody become true at once, before any other request is looked at.
    private void decide(
            @Nullable Person person, AsyncAuthException answer, ServerUserAuthService lock) {
        synchronized (lock) {
            if (waiting == null) {
                return;
            }
            if (person != null) {
                Visit.of(getServerSession()).proven(person);
            }
            answer.setAuthed(person != null);
        }
    }

    @Override
    public void destroy() {
        Confirmation confirmation = asked;
        asked = null;
        if (confirmation != null) {
            confirmation.close();
        }
        Thread thread = waiting;
        waiting = null;
        if (thread != null && thread != Thread.currentThread()) {
            thread.interrupt();
        }
    }
}
