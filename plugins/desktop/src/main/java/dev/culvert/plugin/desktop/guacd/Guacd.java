package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Engine;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The engine that has guacd speak with hosts.
///
/// A session takes some 370 KB of the edge's heap, whatever its host shows: what is not read by the browser is not
/// read from guacd. Thread-safe.
public final class Guacd implements Engine {
    /// For all of it: connecting, TLS, asking.
    private static final Duration LOOK = Duration.ofSeconds(6);

    private final EdgeServices services;

    /// What a look ends with is told rather than that it takes long.
    private final Looks looks = new Looks(LOOK.plusSeconds(1), System::nanoTime);

    private @Nullable EdgeCertificate certificate;

    public Guacd(EdgeServices services) {
        this.services = services;
    }

    /// Whether guacd is there, speaks the application's protocol and knows what its policy needs. What it said is
    /// believed for 5 s.
    ///
    /// @throws RefusedException `guacd_missing`, `guacd_refused`
    @Override
    public void require(Admitted admitted) throws RefusedException, InterruptedException {
        GuacdAddress address = address();
        var _ = address.reach();
        Rights rights = Rights.of(admitted.desktop());
        boolean drive = Parameters.drives(admitted.kind(), rights, address.settings());
        Set<String> known = looks.known(admitted.kind(), () -> ask(address, admitted.kind()));
        Parameters.require(rights.denials(admitted.kind(), drive), known);
    }

    private static Set<String> ask(GuacdAddress address, String kind) throws RefusedException {
        long end = System.nanoTime() + LOOK.toNanos();
        GuacdSocket guacd = address.connect();
        try {
            return new Handshake(guacd).ask(kind, Duration.ofNanos(end - System.nanoTime()));
        } finally {
            guacd.close();
        }
    }

    private GuacdAddress address() throws RefusedException {
        GuacdSettings settings = services.guacd();
        if (settings == null) {
            throw new RefusedException(
                    "guacd_missing", "This needs guacd, and none is configured.", Advice.CONFIGURE);
        }
        return new GuacdAddress(settings);
    }

    @Override
    public void run(DesktopSession session, HttpExchange exchange)
            throws IOException, InterruptedException {
        new GuacdSession(services.recordings(), certificate(), session, exchange)
                .run(this::address);
    }

    /// Made when it is first needed, which takes a moment.
    private synchronized EdgeCertificate certificate() throws IOException {
        if (certificate == null) {
            certificate = EdgeCertificate.create();
        }
        return certificate;
    }
}
