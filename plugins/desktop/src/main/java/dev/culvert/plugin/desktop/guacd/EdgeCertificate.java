package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.host.ShownCertificate;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// What guacd is shown in a host's place, by a key that no other process has and that ends with this one. Immutable.
///
/// @param context that serves it
/// @param fingerprint as [dev.culvert.plugin.desktop.session.DesktopSession#certificate]
record EdgeCertificate(SSLContext context, String fingerprint) {
    /// RSA, since FreeRDP of old knows nothing else everywhere.
    private static final int KEY_BITS = 2048;

    private static final Duration LIFE = Duration.ofDays(3650);
    private static final X500Name NAME = new X500Name("CN=culvert edge");

    static EdgeCertificate create() throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(KEY_BITS);
            KeyPair key = generator.generateKeyPair();
            X509Certificate certificate = signed(key);
            return new EdgeCertificate(
                    context(key, certificate), ShownCertificate.fingerprint(certificate));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("no certificate can be made for guacd", e);
        }
    }

    private static X509Certificate signed(KeyPair key)
            throws GeneralSecurityException, OperatorCreationException {
        Instant now = Instant.now();
        var builder =
                new JcaX509v3CertificateBuilder(
                        NAME,
                        BigInteger.ONE,
                        Date.from(now.minus(Duration.ofDays(1))),
                        Date.from(now.plus(LIFE)),
                        NAME,
                        key.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(
                                new JcaContentSignerBuilder("SHA256withRSA")
                                        .build(key.getPrivate())));
    }

    private static SSLContext context(KeyPair key, X509Certificate certificate)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        char[] none = new char[0];
        store.setKeyEntry("edge", key.getPrivate(), none, new X509Certificate[] {certificate});
        KeyManagerFactory keys =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, none);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    /// TLS with whoever connected, who is the client. Blocking.
    SSLSocket serve(Socket socket) throws IOException {
        SSLSocket served = (SSLSocket) context.getSocketFactory().createSocket(socket, null, true);
        served.setUseClientMode(false);
        served.startHandshake();
        return served;
    }
}
