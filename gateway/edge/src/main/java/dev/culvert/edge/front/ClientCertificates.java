package dev.culvert.edge.front;

import dev.culvert.policy.Caller.ClientCertificate;
import dev.culvert.policy.PolicyEngine;
import dev.culvert.transport.tls.ClientAuthorities;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLSession;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/// Certificates of clients (mutual TLS). They are asked for only where a policy looks at them, told by
/// SNI: a browser that has any certificate asks its user which one to show.
///
/// A certificate belongs to its connection. Browsers send requests for several hosts on one HTTP/2
/// connection when the server's certificate covers them: one for a host that looks at certificates, on a
/// connection that was not asked for any, is answered 421, and the browser takes another connection.
///
/// Thread-safe.
public final class ClientCertificates {
    private final @Nullable ClientAuthorities authorities;
    private final Supplier<PolicyEngine> rules;

    /// @param authorities null to ask nobody
    /// @param rules those in force
    public ClientCertificates(
            @Nullable ClientAuthorities authorities, Supplier<PolicyEngine> rules) {
        this.authorities = authorities;
        this.rules = rules;
    }

    /// Asks nobody.
    public static ClientCertificates none() {
        return new ClientCertificates(null, () -> PolicyEngine.EMPTY);
    }

    /// Whether there are names under which certificates are asked for.
    boolean mayAsk() {
        return authorities != null;
    }

    /// Whose certificates to ask for in a handshake, null for not asking.
    @Nullable ClientAuthorities toAsk(@Nullable String sni) {
        return authorities != null && sni != null && rules.get().wantsCertificate(sni)
                ? authorities
                : null;
    }

    /// The certificate that a client has shown, null when it has none that counts.
    @Nullable ClientCertificate of(SSLSession session) {
        X509Certificate leaf = authorities == null ? null : authorities.verified(session);
        return leaf == null
                ? null
                : new ClientCertificate(
                        commonName(leaf.getSubjectX500Principal()), fingerprint(leaf));
    }

    /// The most specific one of the subject, empty when it has none.
    static String commonName(X500Principal subject) {
        try {
            List<Rdn> names = new LdapName(subject.getName(X500Principal.RFC2253)).getRdns();
            for (Rdn name : names.reversed()) {
                Attribute found = name.toAttributes().get("cn");
                if (found != null && found.get() instanceof String text) {
                    return text;
                }
            }
            return "";
        } catch (NamingException e) {
            return "";
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha256.digest(certificate.getEncoded()));
        } catch (NoSuchAlgorithmException | CertificateEncodingException e) {
            throw new IllegalStateException("what was verified can be hashed", e);
        }
    }
}
