package dev.culvert.access;

import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A new authority and a certificate of it for `localhost`, `edge.localhost`, `wiki.localhost` and `auth.localhost`.
final class TestCertificates {
    static final TestCertificates ONE = create();

    final SSLContext server;
    final Path authority;
    final Path strangeAuthority;

    private TestCertificates(SSLContext server, Path authority, Path strangeAuthority) {
        this.server = server;
        this.authority = authority;
        this.strangeAuthority = strangeAuthority;
    }

    private static TestCertificates create() {
        try {
            KeyPair ca = pair();
            KeyPair leaf = pair();
            X509Certificate root = sign("CN=Test authority", ca, "CN=Test authority", ca, true);
            X509Certificate own = sign("CN=edge", leaf, "CN=Test authority", ca, false);
            KeyPair other = pair();
            X509Certificate strange = sign("CN=Strange", other, "CN=Strange", other, true);
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            char[] password = {'x'};
            store.setKeyEntry("k", leaf.getPrivate(), password, new X509Certificate[] {own, root});
            KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return new TestCertificates(context, pem(root), pem(strange));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static KeyPair pair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        return generator.generateKeyPair();
    }

    private static X509Certificate sign(
            String subject, KeyPair key, String issuer, KeyPair signer, boolean authority)
            throws Exception {
        Instant now = Instant.now();
        var builder =
                new JcaX509v3CertificateBuilder(
                        new X500Name(issuer),
                        BigInteger.valueOf(System.nanoTime()),
                        Date.from(now.minusSeconds(3600)),
                        Date.from(now.plusSeconds(86400)),
                        new X500Name(subject),
                        key.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!authority) {
            GeneralName[] names = {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.dNSName, "edge.localhost"),
                new GeneralName(GeneralName.dNSName, "wiki.localhost"),
                new GeneralName(GeneralName.dNSName, "auth.localhost")
            };
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        var contentSigner =
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate());
        return new JcaX509CertificateConverter().getCertificate(builder.build(contentSigner));
    }

    private static Path pem(X509Certificate certificate) throws Exception {
        Path file = Files.createTempFile("authority", ".pem");
        file.toFile().deleteOnExit();
        String text = Base64.getMimeEncoder().encodeToString(certificate.getEncoded());
        Files.writeString(
                file, "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n");
        return file;
    }
}
