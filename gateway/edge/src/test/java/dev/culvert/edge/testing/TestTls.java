package dev.culvert.edge.testing;

import dev.culvert.edge.certificates.KeyMaterial;
import dev.culvert.edge.certificates.LocalAuthority;
import dev.culvert.transport.tls.TlsContexts;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// An authority of the test's own, and what servers on `localhost` and their clients need of it.
public final class TestTls {
    private final LocalAuthority authority;
    private final KeyMaterial localhost;
    private final X509Certificate root;

    public TestTls(Path directory) throws Exception {
        authority = LocalAuthority.open(directory, List.of("localhost"));
        localhost = authority.loopback();
        root = TlsContexts.roots(authority.certificateFile()).getFirst();
    }

    /// The authority's certificate, PEM.
    public Path rootFile() {
        return authority.certificateFile();
    }

    public List<X509Certificate> roots() {
        return List.of(root);
    }

    public String keyPem() {
        return pem("PRIVATE KEY", localhost.key().getEncoded());
    }

    public String chainPem() throws Exception {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : localhost.chain()) {
            text.append(pem("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    private static String pem(String type, byte[] der) {
        return "-----BEGIN "
                + type
                + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END "
                + type
                + "-----\n";
    }

    /// Of servers on `localhost`, and of clients that trust them.
    public SSLContext context() throws Exception {
        return context(localhost);
    }

    /// Of a server with another name below `localhost`.
    public SSLContext contextFor(String host) throws Exception {
        return context(authority.forName(host));
    }

    private SSLContext context(KeyMaterial server) throws Exception {
        char[] none = new char[0];
        KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        keys.setKeyEntry("server", server.key(), none, server.chainArray());
        KeyManagerFactory keyManagers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(keys, none);
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("root", root);
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
        return context;
    }
}
