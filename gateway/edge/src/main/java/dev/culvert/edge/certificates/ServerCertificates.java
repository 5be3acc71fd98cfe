package dev.culvert.edge.certificates;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which certificate a client is shown: PEM files first, else the local authority, else a default.
///
/// Thread-safe. Blocking (may sign): virtual threads only.
public final class ServerCertificates {
    private final CertificateFiles files;
    private final LocalAuthority authority;

    public ServerCertificates(CertificateFiles files, LocalAuthority authority) {
        this.files = files;
        this.authority = authority;
    }

    /// The certificate of the public listener.
    ///
    /// @param sni the name in the client's hello, in any case; null when it sent none. A name nobody
    ///     certifies gets the first PEM file, else the one for `localhost`.
    public KeyMaterial forName(@Nullable String sni) {
        if (sni != null && sni.length() <= 255) {
            String host = sni.toLowerCase(Locale.ROOT);
            KeyMaterial found = files.forName(host);
            if (found == null) {
                found = authority.forName(host);
            }
            if (found != null) {
                return found;
            }
        }
        KeyMaterial first = files.first();
        return first == null ? authority.loopback() : first;
    }

    /// The certificate of the tunnel listener, whatever name is asked for.
    public KeyMaterial tunnelListener() {
        return authority.tunnelListener();
    }
}
