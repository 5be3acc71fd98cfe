package dev.culvert.plugin.desktop.host;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Which names a certificate is for: its subject alternative names (RFC 9525), of which those of the subject itself
/// are none any more. Stateless.
final class CertificateName {
    private static final int DNS = 2;
    private static final int IP = 7;

    private CertificateName() {}

    /// @param name a host name, or an address as the certificate writes it
    static boolean matches(X509Certificate certificate, String name) {
        return names(certificate).stream().anyMatch(listed -> matches(listed, name));
    }

    /// For people.
    static String shown(X509Certificate certificate) {
        List<String> names = names(certificate);
        return names.isEmpty() ? "no name at all" : String.join(", ", names);
    }

    private static boolean matches(String listed, String name) {
        if (listed.equalsIgnoreCase(name)) {
            return true;
        }
        // A star stands for the whole first label, and for nothing more.
        int dot = name.indexOf('.');
        return listed.startsWith("*.")
                && listed.indexOf('.', 2) > 0
                && dot > 0
                && listed.substring(1).equalsIgnoreCase(name.substring(dot));
    }

    private static List<String> names(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            var alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives != null) {
                for (List<?> alternative : alternatives) {
                    boolean named =
                            alternative.getFirst() instanceof Integer kind
                                    && (kind == DNS || kind == IP);
                    if (named && alternative.get(1) instanceof String text) {
                        names.add(text);
                    }
                }
            }
        } catch (CertificateParsingException e) {
            // For none that can be read.
        }
        return names;
    }
}
