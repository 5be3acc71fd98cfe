package dev.culvert.edge.certificates;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A certificate authority of one key: EC P-256, for TLS servers only, and only for the names its
/// critical name constraints permit (RFC 5280, section 4.2.1.10), so that trusting it gives nobody
/// power over other sites. Immutable.
///
/// @param certificate self-signed
record CertificateAuthority(PrivateKey key, X509Certificate certificate) {
    private static final Duration CA_VALIDITY = Duration.ofDays(3650);
    private static final Duration LEAF_VALIDITY = Duration.ofDays(90);

    /// Clocks of users may be behind.
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    /// Name and mask: 127.0.0.0/8 and ::1/128.
    private static final byte[] LOOPBACK4 = {127, 0, 0, 0, (byte) 255, 0, 0, 0};

    private static final byte[] LOOPBACK6 = loopback6();

    private static byte[] loopback6() {
        byte[] bytes = new byte[32];
        bytes[15] = 1;
        Arrays.fill(bytes, 16, 32, (byte) 255);
        return bytes;
    }

    static KeyPair newKeyPair() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("P-256 is part of every JDK", e);
        }
    }

    /// @param domains permitted with everything below them
    static CertificateAuthority create(List<String> domains, Instant now) {
        KeyPair pair = newKeyPair();
        byte[] mark = new byte[4];
        RANDOM.nextBytes(mark);
        X500Name name =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.O, "Culvert")
                        .addRDN(
                                BCStyle.CN,
                                "Culvert local authority " + HexFormat.of().formatHex(mark))
                        .build();
        List<GeneralSubtree> permitted = new ArrayList<>();
        for (String domain : domains) {
            permitted.add(new GeneralSubtree(new GeneralName(GeneralName.dNSName, domain)));
        }
        for (byte[] network : List.of(LOOPBACK4, LOOPBACK6)) {
            permitted.add(
                    new GeneralSubtree(
                            new GeneralName(GeneralName.iPAddress, new DEROctetString(network))));
        }
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            name,
                            serial(),
                            Date.from(now.minus(BACKDATED)),
                            Date.from(now.plus(CA_VALIDITY)),
                            name,
                            pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(
                            Extension.keyUsage,
                            true,
                            new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.nameConstraints,
                            true,
                            new NameConstraints(permitted.toArray(new GeneralSubtree[0]), null))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            ids.createSubjectKeyIdentifier(pair.getPublic()));
            return new CertificateAuthority(pair.getPrivate(), sign(builder, pair.getPrivate()));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate of fixed form can be made", e);
        }
    }

    /// A server certificate.
    ///
    /// @param names alternative names, the first also as common name when it is short enough
    KeyMaterial issue(KeyPair pair, List<GeneralName> names, Instant now) {
        String first = names.getFirst().getName().toString();
        boolean plain = names.getFirst().getTagNo() == GeneralName.dNSName && first.length() <= 64;
        X500Name subject =
                new X500NameBuilder(BCStyle.INSTANCE)
                        .addRDN(BCStyle.CN, plain ? first : "culvert")
                        .build();
        Instant end = now.plus(LEAF_VALIDITY);
        Instant last = certificate.getNotAfter().toInstant();
        try {
            JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
            JcaX509v3CertificateBuilder builder =
                    new JcaX509v3CertificateBuilder(
                            new JcaX509CertificateHolder(certificate).getSubject(),
                            serial(),
                            Date.from(now.minus(BACKDATED)),
                            Date.from(end.isBefore(last) ? end : last),
                            subject,
                            pair.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage,
                            false,
                            new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(new GeneralName[0])))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            ids.createAuthorityKeyIdentifier(certificate))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            ids.createSubjectKeyIdentifier(pair.getPublic()));
            return new KeyMaterial(pair.getPrivate(), List.of(sign(builder, key), certificate));
        } catch (GeneralSecurityException | IOException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate of fixed form can be made", e);
        }
    }

    /// The domains the certificate permits, as they stand in it.
    List<String> permittedDomains() throws IOException {
        List<String> domains = new ArrayList<>();
        byte[] extension = certificate.getExtensionValue(Extension.nameConstraints.getId());
        if (extension == null) {
            return domains;
        }
        NameConstraints constraints =
                NameConstraints.getInstance(ASN1OctetString.getInstance(extension).getOctets());
        GeneralSubtree[] permitted = constraints.getPermittedSubtrees();
        for (GeneralSubtree subtree : permitted == null ? new GeneralSubtree[0] : permitted) {
            if (subtree.getBase().getTagNo() == GeneralName.dNSName) {
                domains.add(subtree.getBase().getName().toString());
            }
        }
        return domains;
    }

    private static BigInteger serial() {
        return new BigInteger(127, RANDOM).setBit(126);
    }

    private static X509Certificate sign(JcaX509v3CertificateBuilder builder, PrivateKey key)
            throws OperatorCreationException, GeneralSecurityException {
        return new JcaX509CertificateConverter()
                .getCertificate(
                        builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(key)));
    }

    /// Without the key.
    @Override
    public String toString() {
        return "CertificateAuthority[" + certificate.getSubjectX500Principal() + "]";
    }
}
