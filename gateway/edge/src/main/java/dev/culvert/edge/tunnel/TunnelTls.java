package dev.culvert.edge.tunnel;

import dev.culvert.edge.certificates.KeyMaterial;
import dev.culvert.edge.certificates.ServerCertificates;
import dev.culvert.transport.tls.TlsContexts;
import io.netty.handler.codec.quic.QuicSslContext;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The TLS contexts of the tunnel listener, made anew when its certificate is. Thread-safe.
public final class TunnelTls {
    private record Made(X509Certificate leaf, SslContext tcp, QuicSslContext quic) {}

    private final ServerCertificates certificates;
    private final AtomicReference<@Nullable Made> made = new AtomicReference<>();

    public TunnelTls(ServerCertificates certificates) {
        this.certificates = certificates;
        made();
    }

    public SslContext tcp() {
        return made().tcp();
    }

    public QuicSslContext quic() {
        return made().quic();
    }

    private Made made() {
        KeyMaterial material = certificates.tunnelListener();
        Made known = made.get();
        if (known != null && known.leaf().equals(material.leaf())) {
            return known;
        }
        try {
            Made fresh =
                    new Made(
                            material.leaf(),
                            TlsContexts.tunnelServer(material.key(), material.chainArray()),
                            TlsContexts.quicServer(material.key(), material.chainArray()));
            made.set(fresh);
            return fresh;
        } catch (IOException e) {
            throw new IllegalStateException("the tunnel's certificate cannot be used", e);
        }
    }
}
