package dev.culvert.access;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Collection;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Which servers are trusted: the chain leads to a known authority, **and** the certificate is for
/// the name. There is no way to switch either off.
///
/// Immutable.
public final class Trust {
    private static final int MAX_TLS_SESSIONS = 16;

    private Trust() {}

    /// The context for one run.
    ///
    /// @param caFile PEM file of one or more authorities that are trusted *instead of* the
    ///     platform's, as with curl's `--cacert` and Go's `SSL_CERT_FILE`
    public static SSLContext context(@Nullable String caFile) throws Problem {
        try {
            return caFile == null ? SSLContext.getDefault() : trusting(caFile);
        } catch (GeneralSecurityException e) {
            throw Problem.failed("TLS cannot be set up: " + e, "check the Java installation");
        }
    }

    private static SSLContext trusting(String caFile) throws Problem, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        try (InputStream in = new FileInputStream(caFile)) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            store.load(null, null);
            int number = 0;
            for (Certificate certificate : found) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            if (number == 0) {
                throw wrong(caFile, "holds no certificate");
            }
        } catch (CertificateException e) {
            throw wrong(caFile, "is not a PEM file of certificates");
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw wrong(caFile, "cannot be read");
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        // The JDK would keep 20,480 sessions, two for each connection to the one edge.
        context.getClientSessionContext().setSessionCacheSize(MAX_TLS_SESSIONS);
        return context;
    }

    private static Problem wrong(String file, String what) {
        return Problem.usage(
                "--cacert: " + file + " " + what + " (expected: certificates in PEM)",
                "correct --cacert, CULVERT_CACERT or SSL_CERT_FILE");
    }

    /// What each connection asks of TLS.
    static void apply(SSLParameters parameters, String name) {
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        boolean address = name.indexOf(':') >= 0 || name.matches("[0-9.]+");
        if (!address) {
            String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
            parameters.setServerNames(List.of(new SNIHostName(plain)));
        }
    }
}
