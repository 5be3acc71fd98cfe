package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.EdgeServices;
import java.util.List;
import org.apache.sshd.common.NamedFactory;
import org.apache.sshd.common.signature.Signature;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKey;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.session.ServerSession;
import org.jspecify.annotations.Nullable;

/// The method `publickey`: a registered key, or a certificate of ours, as [KnownKeys] says.
///
/// Anybody may ask whether somebody's key would do. Whose it is counts only when its signature was checked in the
/// very same request. Confined to the thread that holds the lock of SSHD's authentication service.
final class PublicKeyProof extends UserAuthPublicKey {
    private final EdgeServices services;

    private PublicKeyProof(EdgeServices services, List<NamedFactory<Signature>> signatures) {
        super(signatures);
        this.services = services;
    }

    static UserAuthPublicKeyFactory factory(EdgeServices services) {
        return new UserAuthPublicKeyFactory() {
            @Override
            public UserAuthPublicKey createUserAuth(ServerSession session) {
                return new PublicKeyProof(services, getSignatureFactories());
            }
        };
    }

    @Override
    public @Nullable Boolean doAuth(Buffer buffer, boolean init) throws Exception {
        Visit visit = Visit.of(getServerSession());
        visit.offer(null);
        try {
            Boolean authed = super.doAuth(buffer, init);
            Visit.Offer offer = visit.offered();
            if (!Boolean.TRUE.equals(authed)) {
                return authed;
            }
            if (offer == null) {
                return false;
            }
            visit.proven(offer.person(), offer.application());
            if (offer.isRegistered()) {
                services.usedPublicKey(offer.key());
            }
            return true;
        } finally {
            visit.offer(null);
        }
    }
}
