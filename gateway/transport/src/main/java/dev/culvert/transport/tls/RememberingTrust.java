package dev.culvert.transport.tls;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Verifies servers against given roots and keeps the last refusal: a QUIC handshake that fails for it says
/// no more than "certificate verify failed".
///
/// Thread-safe.
public final class RememberingTrust extends X509ExtendedTrustManager {
    private final X509ExtendedTrustManager checks;
    private volatile @Nullable CertificateException refusal;

    public RememberingTrust(Collection<X509Certificate> roots) {
        this.checks = PkixTrust.of(roots);
    }

    /// Why a server was refused last, or null when the last one was accepted.
    public @Nullable CertificateException refusal() {
        return refusal;
    }

    private interface Check {
        void run() throws CertificateException;
    }

    private void remembered(Check check) throws CertificateException {
        try {
            check.run();
            refusal = null;
        } catch (CertificateException e) {
            refusal = e;
            throw e;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        remembered(() -> checks.checkServerTrusted(chain, type, engine));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        remembered(() -> checks.checkServerTrusted(chain, type, socket));
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        remembered(() -> checks.checkServerTrusted(chain, type));
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
            throws CertificateException {
        throw new CertificateException("there are no clients here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return checks.getAcceptedIssuers();
    }
}
