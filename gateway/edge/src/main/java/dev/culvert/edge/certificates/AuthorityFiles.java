package dev.culvert.edge.certificates;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// Certificates of authorities as PEM files, one or more in each. Stateless.
public final class AuthorityFiles {
    private AuthorityFiles() {}

    /// Reads all of them. Blocking.
    ///
    /// @throws BadCertificateException with what is wrong with all of them
    public static List<X509Certificate> read(List<Path> files) throws BadCertificateException {
        List<X509Certificate> authorities = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Path file : files) {
            try {
                for (X509Certificate certificate : PemText.certificates(WatchedPair.read(file))) {
                    if (certificate.getBasicConstraints() < 0) {
                        problems.add(
                                file
                                        + ": holds a certificate that is no authority's (expected:"
                                        + " basicConstraints with CA)");
                    }
                    authorities.add(certificate);
                }
            } catch (PemText.BadPemException e) {
                problems.add(file + ": " + e.getMessage());
            } catch (BadCertificateException e) {
                problems.addAll(e.problems());
            }
        }
        if (!problems.isEmpty()) {
            throw new BadCertificateException(problems);
        }
        return authorities;
    }
}
