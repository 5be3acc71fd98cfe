package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.desktop.session.CertificateQuestion;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings.HostTrust;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Which certificates hosts may show.
///
/// In this order: one of `desktop.host_certificates`; one that `desktop.host_authorities` signed for the host's name;
/// then, when either lists anything, nothing; then the certificate that is kept for the host; and the first one is
/// shown to the user and kept. One that differs from the kept one is refused, and nobody is asked.
///
/// Thread-safe. Blocking.
public final class HostCertificates {
    /// Of the kept certificates, by host; their value is the certificate in DER.
    private static final String KIND = "host-certificate";

    private final EdgeServices services;
    private final PluginStore store;

    /// A certificate that is kept. Immutable.
    public record Kept(String host, ShownCertificate certificate) {}

    public HostCertificates(EdgeServices services) {
        this.services = services;
        this.store = services.store();
    }

    /// @param chain leaf first
    /// @param accepted fingerprint of the certificate that the user was shown and accepted; empty for none
    /// @return the fingerprint of the leaf
    /// @throws RefusedException `certificate_untrusted`, `certificate_changed`: the host must not be spoken with
    /// @throws CertificateQuestion when its user is to be asked
    public String judge(Admitted admitted, List<X509Certificate> chain, String accepted)
            throws IOException {
        HostTrust trust = admitted.desktop().host();
        X509Certificate leaf = chain.getFirst();
        String fingerprint = ShownCertificate.fingerprint(leaf);
        if (trust.certificates().contains(fingerprint)) {
            return fingerprint;
        }
        if (!trust.authorities().isEmpty()) {
            checkSigned(admitted, trust, chain, fingerprint);
        } else if (!trust.certificates().isEmpty()) {
            throw untrusted(
                    admitted,
                    fingerprint,
                    "which is not one of its application's desktop.host_certificates");
        } else {
            checkKept(admitted, leaf, accepted);
        }
        return fingerprint;
    }

    private static void checkSigned(
            Admitted admitted, HostTrust trust, List<X509Certificate> chain, String fingerprint)
            throws RefusedException {
        String name = trust.name();
        Optional<String> problem =
                SignedChain.problem(
                        chain, trust.authorities(), name == null ? admitted.host() : name);
        if (problem.isPresent()) {
            throw untrusted(admitted, fingerprint, problem.get());
        }
    }

    private static RefusedException untrusted(Admitted admitted, String fingerprint, String why) {
        return new RefusedException(
                "certificate_untrusted",
                admitted.host() + " shows the certificate " + fingerprint + ", " + why + ".",
                "Compare it with the host's own; give the host another one, or add it to desktop.host_certificates"
                        + " when they are the same.");
    }

    private void checkKept(Admitted admitted, X509Certificate leaf, String accepted)
            throws IOException {
        byte[] shown = der(leaf);
        ShownCertificate words = ShownCertificate.of(leaf);
        Optional<byte[]> kept = store.get(KIND, key(admitted.host()));
        if (kept.isEmpty()) {
            if (!accepted.equals(words.fingerprint())) {
                throw words.question();
            }
            kept = Optional.of(store.putIfAbsent(KIND, key(admitted.host()), shown, false));
            services.audit(
                    AuditNote.of(
                            admitted,
                            "changed",
                            "host_certificate",
                            "trusted",
                            "fingerprint",
                            words.fingerprint()));
        }
        if (!Arrays.equals(kept.get(), shown)) {
            throw new RefusedException(
                    "certificate_changed",
                    admitted.host()
                            + " shows another certificate than before: "
                            + words.fingerprint()
                            + ". Somebody may have put themselves between, or the host was given a new one.",
                    "The edge's owner compares it with the host's own, and forgets the old one when it is right:"
                            + " gateway desktop certificates --forget "
                            + admitted.host());
        }
    }

    /// Those that users have accepted, by host.
    public List<Kept> kept() throws IOException {
        List<Kept> certificates = new ArrayList<>();
        for (PluginStore.Value value : store.all(KIND)) {
            certificates.add(new Kept(value.key(), ShownCertificate.of(certificate(value))));
        }
        return certificates;
    }

    /// The next one that the host shows is shown to a user again.
    ///
    /// @throws RefusedException when none is kept
    public void forget(String host) throws IOException {
        String key = key(host);
        if (!store.remove(KIND, key)) {
            throw new RefusedException(
                    "unknown_host",
                    "No certificate of " + key + " is kept.",
                    "gateway desktop certificates lists those that are.");
        }
        services.audit(
                new AuditNote(
                        "cli", "changed", null, key, null, null, "host_certificate", "forgotten"));
    }

    private static String key(String host) {
        return host.toLowerCase(Locale.ROOT);
    }

    private static byte[] der(X509Certificate certificate) throws IOException {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IOException("the host's certificate cannot be kept", e);
        }
    }

    private static X509Certificate certificate(PluginStore.Value value) throws IOException {
        try {
            return (X509Certificate)
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(value.value()));
        } catch (CertificateException e) {
            throw new IOException("the certificate kept for " + value.key() + " is damaged", e);
        }
    }
}
