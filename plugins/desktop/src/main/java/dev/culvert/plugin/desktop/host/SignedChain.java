package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.OneLine;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Whether a host's certificate is one that authorities signed for its name (RFC 5280): its path, its validity, what
/// it is for. Revocation is not asked for: hosts inside of networks rarely can be. Stateless.
final class SignedChain {
    private static final String SERVER = "1.3.6.1.5.5.7.3.1";
    private static final String ANY = "2.5.29.37.0";

    /// Windows' own for Remote Desktop, in place of [#SERVER].
    private static final String REMOTE_DESKTOP = "1.3.6.1.4.1.311.54.1.2";

    private static final Set<String> USES = Set.of(SERVER, ANY, REMOTE_DESKTOP);

    private SignedChain() {}

    /// @param chain leaf first
    /// @param authorities in PEM
    /// @return what is wrong, to follow "the certificate …, "; empty for nothing
    static Optional<String> problem(
            List<X509Certificate> chain, List<String> authorities, String name) {
        X509Certificate leaf = chain.getFirst();
        if (!CertificateName.matches(leaf, name)) {
            return Optional.of(
                    "which is for "
                            + OneLine.marked(CertificateName.shown(leaf), 200)
                            + " and not for "
                            + name);
        }
        try {
            List<String> uses = leaf.getExtendedKeyUsage();
            if (uses != null && uses.stream().noneMatch(USES::contains)) {
                return Optional.of("which is for something else than servers");
            }
            build(chain, anchors(authorities));
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            return Optional.of(
                    "which none of its application's desktop.host_authorities vouches for ("
                            + OneLine.spaced(String.valueOf(e.getMessage()), 200)
                            + ")");
        }
    }

    private static void build(List<X509Certificate> chain, Set<TrustAnchor> anchors)
            throws GeneralSecurityException {
        X509CertSelector leaf = new X509CertSelector();
        leaf.setCertificate(chain.getFirst());
        PKIXBuilderParameters parameters = new PKIXBuilderParameters(anchors, leaf);
        parameters.setRevocationEnabled(false);
        parameters.addCertStore(
                CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
        CertPathBuilder.getInstance("PKIX").build(parameters);
    }

    private static Set<TrustAnchor> anchors(List<String> authorities) throws CertificateException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        Set<TrustAnchor> anchors = new HashSet<>();
        for (String pem : authorities) {
            byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
            anchors.add(
                    new TrustAnchor(
                            (X509Certificate)
                                    factory.generateCertificate(new ByteArrayInputStream(bytes)),
                            null));
        }
        return anchors;
    }
}
