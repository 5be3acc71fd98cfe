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
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The engine that has guacd speak with hosts.
///
/// A session takes about 350 KiB of the edge's memory, whatever its host shows: what is not read by the browser is not
/// read from guacd. Thread-safe.
public final class Guacd implements Engine {
    private static final Duration FRESH = Duration.ofSeconds(5);

    private final EdgeServices services;
    private @Nullable EdgeCertificate certificate;
    private final Map<String, Look> looks = new HashMap<>();

    /// What guacd knows of a kind; null with the reason when it is not there.
    private record Look(
            @Nullable Set<String> known, @Nullable RefusedException refusal, long nanos) {
        boolean isFresh() {
            return System.nanoTime() - nanos < FRESH.toNanos();
        }
    }

    public Guacd(EdgeServices services) {
        this.services = services;
    }

    /// Whether guacd is there, speaks the application's protocol and knows what its policy needs. What it said is
    /// believed for 5 s.
    ///
    /// @throws RefusedException `guacd_missing`, `guacd_refused`
    @Override
    public void require(Admitted admitted) throws RefusedException {
        GuacdAddress address = address();
        var _ = address.reach();
        Rights rights = Rights.of(admitted.desktop());
        boolean drive = Parameters.drives(admitted.kind(), rights, address.settings());
        Parameters.require(rights.denials(admitted.kind(), drive), known(address, admitted.kind()));
    }

    private Set<String> known(GuacdAddress address, String kind) throws RefusedException {
        synchronized (looks) {
            Look look = looks.get(kind);
            if (look == null || !look.isFresh()) {
                look = look(address, kind);
                looks.put(kind, look);
            }
            if (look.known == null) {
                RefusedException why = java.util.Objects.requireNonNull(look.refusal);
                throw new RefusedException(why.code(), why.getMessage(), why.next());
            }
            return look.known;
        }
    }

    private static Look look(GuacdAddress address, String kind) {
        try {
            GuacdSocket guacd = address.connect();
            try {
                return new Look(new Handshake(guacd).ask(kind), null, System.nanoTime());
            } finally {
                guacd.close();
            }
        } catch (RefusedException e) {
            return new Look(null, e, System.nanoTime());
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
    private EdgeCertificate certificate() throws IOException {
        synchronized (looks) {
            if (certificate == null) {
                certificate = EdgeCertificate.create();
            }
            return certificate;
        }
    }
}
