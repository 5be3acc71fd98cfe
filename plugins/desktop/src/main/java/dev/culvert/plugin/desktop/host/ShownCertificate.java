package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.desktop.session.CertificateQuestion;
import dev.culvert.plugin.edge.OneLine;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;

/// A certificate as people see it. Immutable.
///
/// @param fingerprint `SHA256:` and 64 hexadecimal digits in lower case, of the whole certificate
public record ShownCertificate(
        String fingerprint, String subject, String issuer, Instant from, Instant until) {
    private static final int MAX_NAME = 200;

    static ShownCertificate of(X509Certificate certificate) {
        return new ShownCertificate(
                fingerprint(certificate),
                OneLine.marked(certificate.getSubjectX500Principal().getName(), MAX_NAME),
                OneLine.marked(certificate.getIssuerX500Principal().getName(), MAX_NAME),
                certificate.getNotBefore().toInstant(),
                certificate.getNotAfter().toInstant());
    }

    /// Whether the user trusts it.
    CertificateQuestion question() {
        return new CertificateQuestion(fingerprint, subject, issuer, from, until);
    }

    /// As in [dev.culvert.plugin.edge.DesktopSettings.HostTrust#certificates].
    public static String fingerprint(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return "SHA256:" + HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }
}
