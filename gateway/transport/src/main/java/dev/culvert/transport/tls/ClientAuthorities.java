package dev.culvert.transport.tls;

import java.net.Socket;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The authorities whose certificates clients may show.
///
/// A handshake names them and takes any certificate, or none: a browser whose certificate has run out
/// must get an answer it can show, not a broken connection. So what a session holds is proven to be the
/// client's and nothing else; whether it counts is said by [#verified], which is asked after each
/// handshake, of a resumed session too.
///
/// Revocation lists are not looked at. Thread-safe.
public final class ClientAuthorities {
    private static final Logger log = LoggerFactory.getLogger(ClientAuthorities.class);

    private final X509ExtendedTrustManager checks;
    private final TrustManager asking;

    /// @param authorities not empty
    public ClientAuthorities(Collection<X509Certificate> authorities) {
        if (authorities.isEmpty()) {
            throw new IllegalArgumentException("no authorities");
        }
        this.checks = PkixTrust.of(authorities);
        this.asking = new Asking(authorities.toArray(X509Certificate[]::new));
    }

    /// For the handshake.
    TrustManager asking() {
        return asking;
    }

    /// The client's certificate.
    ///
    /// @return null when it has shown none, or one that is not of these authorities, not for clients or
    ///     not valid now
    public @Nullable X509Certificate verified(SSLSession session) {
        try {
            Certificate[] shown = session.getPeerCertificates();
            X509Certificate[] chain = Arrays.copyOf(shown, shown.length, X509Certificate[].class);
            if (chain.length == 0) {
                return null;
            }
            checks.checkClientTrusted(chain, chain[0].getPublicKey().getAlgorithm());
            return chain[0];
        } catch (SSLPeerUnverifiedException e) {
            return null;
        } catch (CertificateException e) {
            log.debug("A client's certificate does not count cause=\"{}\"", e.getMessage());
            return null;
        }
    }

    /// Names authorities and checks nothing.
    private static final class Asking extends X509ExtendedTrustManager {
        private final X509Certificate[] authorities;

        Asking(X509Certificate[] authorities) {
            this.authorities = authorities;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return authorities.clone();
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("there are no servers here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
                throws CertificateException {
            throw new CertificateException("there are no servers here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type)
                throws CertificateException {
            throw new CertificateException("there are no servers here");
        }
    }
}
