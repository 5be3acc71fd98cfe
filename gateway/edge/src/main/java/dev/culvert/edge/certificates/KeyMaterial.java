package dev.culvert.edge.certificates;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/// A private key and its certificates, the server's own first. The same instance is handed out until
/// it is replaced, so what is built from it may be kept by identity. Immutable.
public record KeyMaterial(PrivateKey key, List<X509Certificate> chain) {
    public KeyMaterial {
        chain = List.copyOf(chain);
        if (chain.isEmpty()) {
            throw new IllegalArgumentException("chain: empty (expected: one certificate or more)");
        }
    }

    /// The server's own certificate.
    public X509Certificate leaf() {
        return chain.getFirst();
    }

    /// The chain as TLS libraries take it; a new array each time.
    public X509Certificate[] chainArray() {
        return chain.toArray(new X509Certificate[0]);
    }

    /// Without the key.
    @Override
    public String toString() {
        return "KeyMaterial["
                + leaf().getSubjectX500Principal()
                + ", until="
                + leaf().getNotAfter().toInstant()
                + "]";
    }
}
