package dev.culvert.connector.assertion;

import dev.culvert.transport.tls.TlsContexts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Fetches an issuer's keys: one GET, no redirects, chain and name of the certificate verified, at most
/// [#MAX_BYTES] within [#PATIENCE]. Thread-safe; blocking: virtual threads only.
final class KeyServer implements KeySource {
    static final int MAX_BYTES = 256 * 1024;
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final URI address;
    private final @Nullable SSLContext trust;
    private final Duration patience;

    /// @param caPool PEM file of roots besides the system's, or null
    /// @throws IOException when the roots cannot be read
    KeyServer(URI address, @Nullable Path caPool) throws IOException {
        this(address, caPool, PATIENCE);
    }

    KeyServer(URI address, @Nullable Path caPool, Duration patience) throws IOException {
        this.address = address;
        this.patience = patience;
        this.trust =
                "https".equals(address.getScheme())
                        ? trusting(TlsContexts.systemRootsAnd(caPool))
                        : null;
    }

    private static SSLContext trusting(Collection<X509Certificate> roots) throws IOException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (X509Certificate root : roots) {
                store.setCertificateEntry(Integer.toString(number++), root);
            }
            TrustManagerFactory factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, factory.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("the trusted roots cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public String fetch() throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        HttpURLConnection connection =
                (HttpURLConnection) address.toURL().openConnection(Proxy.NO_PROXY);
        try {
            if (connection instanceof HttpsURLConnection https && trust != null) {
                https.setSSLSocketFactory(trust.getSocketFactory());
            }
            connection.setInstanceFollowRedirects(false);
            connection.setUseCaches(false);
            connection.setConnectTimeout((int) patience.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestProperty("Accept", "application/json");
            connection.setRequestProperty("Connection", "close");
            int status = connection.getResponseCode();
            if (status != 200) {
                throw new IOException(address + " answered " + status + " (expected: 200)");
            }
            try (InputStream in = connection.getInputStream()) {
                return read(in, deadline);
            }
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            throw message.startsWith(address.toString())
                    ? e
                    : new IOException(address + ": " + message, e);
        } finally {
            connection.disconnect();
        }
    }

    /// A server that sends a byte now and then is not waited for.
    private String read(InputStream in, long deadline) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] piece = new byte[8192];
        for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
            all.write(piece, 0, count);
            if (all.size() > MAX_BYTES) {
                throw new IOException(address + " sent more than " + MAX_BYTES + " bytes");
            }
            if (System.nanoTime() > deadline) {
                throw new IOException(address + " is too slow");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }
}
