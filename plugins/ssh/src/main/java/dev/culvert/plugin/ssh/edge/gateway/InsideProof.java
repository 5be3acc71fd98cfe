package dev.culvert.plugin.ssh.edge.gateway;

import java.util.List;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.AbstractUserAuth;
import org.apache.sshd.server.auth.UserAuth;
import org.apache.sshd.server.auth.UserAuthFactory;
import org.apache.sshd.server.auth.pubkey.AcceptAllPublickeyAuthenticator;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/// The sign-in of a connection inside of another one (`-J`), which proves nothing more: who it is was proven by the
/// one around it, to which its bytes are bound, and policies have let that person in to this host. So any key will
/// do, and no answer to no question.
///
/// SSHD takes the method `none` from nobody, and a client in batch mode asks with keys only.
final class InsideProof extends AbstractUserAuth {
    private static final String NAME = "keyboard-interactive";

    private InsideProof() {
        super(NAME);
    }

    static void expect(ServerSession session) {
        session.setPublickeyAuthenticator(AcceptAllPublickeyAuthenticator.INSTANCE);
        session.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE, factory()));
    }

    private static UserAuthFactory factory() {
        return new UserAuthFactory() {
            @Override
            public String getName() {
                return NAME;
            }

            @Override
            public UserAuth createUserAuth(ServerSession session) {
                return new InsideProof();
            }
        };
    }

    @Override
    protected @Nullable Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        if (!init) {
            return buffer.getUByte() == SshConstants.SSH_MSG_USERAUTH_INFO_RESPONSE;
        }
        ServerSession session = getServerSession();
        Buffer question = session.createBuffer(SshConstants.SSH_MSG_USERAUTH_INFO_REQUEST, 16);
        question.putString("");
        question.putString("");
        question.putString("");
        question.putInt(0);
        session.writePacket(question);
        return null;
    }
}
