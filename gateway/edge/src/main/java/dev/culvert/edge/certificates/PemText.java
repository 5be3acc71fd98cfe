package dev.culvert.edge.certificates;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.openssl.PEMEncryptedKeyPair;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS8EncryptedPrivateKeyInfo;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/// Certificates and keys as PEM text (RFC 7468). Messages never quote the text.
final class PemText {
    private PemText() {}

    /// Something in the text is not what it should be; the message says what was expected.
    static final class BadPemException extends Exception {
        BadPemException(String message) {
            super(message);
        }
    }

    static byte[] of(String type, byte[] der) {
        StringWriter text = new StringWriter();
        try (PemWriter writer = new PemWriter(text)) {
            writer.writeObject(new PemObject(type, der));
        } catch (IOException e) {
            throw new IllegalStateException("a string takes any text", e);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /// Every certificate in the text, in order; other blocks are skipped.
    static List<X509Certificate> certificates(byte[] pem) throws BadPemException {
        JcaX509CertificateConverter converter = new JcaX509CertificateConverter();
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            for (Object block : blocks(pem)) {
                if (block instanceof X509CertificateHolder holder) {
                    certificates.add(converter.getCertificate(holder));
                }
            }
        } catch (CertificateException e) {
            throw new BadPemException("holds a certificate that cannot be read");
        }
        if (certificates.isEmpty()) {
            throw new BadPemException("holds no certificate (expected: BEGIN CERTIFICATE)");
        }
        return certificates;
    }

    /// The first private key in the text: PKCS#8, PKCS#1 or SEC1, not encrypted.
    static PrivateKey privateKey(byte[] pem) throws BadPemException {
        JcaPEMKeyConverter converter = new JcaPEMKeyConverter();
        try {
            for (Object block : blocks(pem)) {
                if (block instanceof PEMKeyPair pair) {
                    return converter.getPrivateKey(pair.getPrivateKeyInfo());
                }
                if (block instanceof PrivateKeyInfo info) {
                    return converter.getPrivateKey(info);
                }
                if (block instanceof PEMEncryptedKeyPair
                        || block instanceof PKCS8EncryptedPrivateKeyInfo) {
                    throw new BadPemException(
                            "holds an encrypted key (expected: one without a passphrase)");
                }
            }
        } catch (IOException e) {
            throw new BadPemException("holds a private key of an unknown kind");
        }
        throw new BadPemException("holds no private key (expected: BEGIN PRIVATE KEY)");
    }

    private static List<Object> blocks(byte[] pem) throws BadPemException {
        List<Object> blocks = new ArrayList<>();
        try (PEMParser parser =
                new PEMParser(new StringReader(new String(pem, StandardCharsets.ISO_8859_1)))) {
            Object block;
            while ((block = parser.readObject()) != null) {
                blocks.add(block);
            }
        } catch (IOException | RuntimeException e) {
            throw new BadPemException("is not PEM text, or is damaged");
        }
        return blocks;
    }
}
