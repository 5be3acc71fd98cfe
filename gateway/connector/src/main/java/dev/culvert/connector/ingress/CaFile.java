package dev.culvert.connector.ingress;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import org.jspecify.annotations.Nullable;

/// Checks a PEM file of trusted roots when the configuration is read: cloudflared ignores a broken
/// `cacert` silently and then trusts the system's roots. Blocking.
public final class CaFile {
    private static final long MAX_BYTES = 4 << 20;

    private CaFile() {}

    /// @return what is wrong with it, or null
    public static @Nullable String problem(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            if (Files.size(file) > MAX_BYTES) {
                return "\"" + file + "\" is longer than 4 MiB (expected: a PEM file)";
            }
            boolean none =
                    CertificateFactory.getInstance("X.509").generateCertificates(in).isEmpty();
            return none ? "\"" + file + "\" holds no certificate (expected: a PEM file)" : null;
        } catch (IOException e) {
            return "\"" + file + "\" cannot be read (expected: a PEM file)";
        } catch (CertificateException e) {
            return "\"" + file + "\" holds a certificate that cannot be read (expected: PEM)";
        }
    }
}
