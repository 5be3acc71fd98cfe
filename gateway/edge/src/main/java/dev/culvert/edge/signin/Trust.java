package dev.culvert.edge.signin;

import dev.culvert.transport.tls.TlsContexts;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// TLS to providers and mail servers. Stateless.
final class Trust {
    private Trust() {}

    /// @param roots whose certificates are trusted; empty for the system's
    static SSLContext context(List<X509Certificate> roots) throws IOException {
        try {
            List<X509Certificate> trusted =
                    roots.isEmpty() ? TlsContexts.systemRootsAnd(null) : roots;
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (int i = 0; i < trusted.size(); i++) {
                store.setCertificateEntry(Integer.toString(i), trusted.get(i));
            }
            TrustManagerFactory trust =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("certificates cannot be used: " + e.getMessage(), e);
        }
    }
}
