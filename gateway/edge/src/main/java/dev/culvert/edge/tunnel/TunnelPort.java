package dev.culvert.edge.tunnel;

import dev.culvert.transport.Listeners;
import dev.culvert.transport.quic.QuicListener;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// The port connectors come to: TCP for HTTP/2 and, unless switched off, the same number of UDP for QUIC.
///
/// Blocking; used by one thread.
public final class TunnelPort {
    private static final int ATTEMPTS = 20;
    private static final String WHAT = "the tunnel listener";

    private TunnelPort() {}

    /// Listens.
    ///
    /// @param address port 0 for any that is free in both
    /// @param quic null for TCP only
    /// @throws IOException with a message for the user
    public static InetSocketAddress listen(
            Listeners listeners,
            InetSocketAddress address,
            TunnelListener tcp,
            @Nullable QuicListener quic)
            throws IOException {
        if (quic == null) {
            return listeners.listen(WHAT, address, tcp);
        }
        for (int attempt = 1; ; attempt++) {
            InetSocketAddress udp = listeners.listen(WHAT + " for QUIC (UDP)", address, quic);
            try {
                listeners.listen(WHAT, udp, tcp);
                return udp;
            } catch (IOException e) {
                quic.close();
                if (address.getPort() != 0 || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
