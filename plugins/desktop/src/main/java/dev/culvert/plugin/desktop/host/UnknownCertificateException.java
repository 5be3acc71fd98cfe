package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;

/// A host shows a certificate that nobody has accepted yet: its user is to be asked.
public final class UnknownCertificateException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String host;
    private final transient ShownCertificate certificate;

    UnknownCertificateException(String host, ShownCertificate certificate) {
        super(host + " shows a certificate that is not known yet: " + certificate.fingerprint());
        this.host = host;
        this.certificate = certificate;
    }

    public ShownCertificate certificate() {
        return certificate;
    }

    /// The same for where nobody can be asked: `certificate_unknown`.
    public RefusedException refusal() {
        return new RefusedException(
                "certificate_unknown",
                host + " shows a certificate that is not known yet.",
                "Compare its fingerprint with the host's own, and accept it when they are the same.");
    }
}
