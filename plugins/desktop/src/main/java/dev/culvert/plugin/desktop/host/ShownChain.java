package dev.culvert.plugin.desktop.host;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/// Keeps the certificates that a host shows in a handshake, to be judged after it: nothing was sent to the host then.
/// An [X509ExtendedTrustManager], since JSSE checks algorithms of its own behind any other, which certificates that
/// hosts sign themselves often fail. Thread-safe.
final class ShownChain extends X509ExtendedTrustManager {
    private static final int MOST = 10;
    private static final int MAX_BYTES = 32 * 1024;

    private volatile List<X509Certificate> chain = List.of();

    List<X509Certificate> chain() {
        return chain;
    }

    private void keep(X509Certificate[] shown) throws CertificateException {
        if (shown.length == 0 || shown.length > MOST) {
            throw new CertificateException(
                    shown.length + " certificates (expected: 1 to " + MOST + ")");
        }
        int bytes = 0;
        for (X509Certificate certificate : shown) {
            bytes += certificate.getEncoded().length;
        }
        if (bytes > MAX_BYTES) {
            throw new CertificateException(
                    bytes + " bytes of certificates (expected: at most " + MAX_BYTES + ")");
        }
        if (!chain.isEmpty()) {
            throw new CertificateException("certificates were shown a second time");
        }
        chain = List.of(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType, SSLEngine engine)
            throws CertificateException {
        keep(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType, Socket socket)
            throws CertificateException {
        keep(shown);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] shown, String authType)
            throws CertificateException {
        keep(shown);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType, SSLEngine engine)
            throws CertificateException {
        throw new CertificateException("hosts are servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType, Socket socket)
            throws CertificateException {
        throw new CertificateException("hosts are servers");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] shown, String authType)
            throws CertificateException {
        throw new CertificateException("hosts are servers");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
