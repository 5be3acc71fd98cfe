package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Engine;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/// Sessions of IronRDP, which runs in the browser: the edge connects, negotiates and does TLS for it (RDCleanPath), and
/// then copies bytes. What the browser sends is read as far as policies have something to say; what the host sends
/// is not read, apart from the numbers of its channels.
///
/// Thread-safe. A session holds at most 64 KiB of a packet in each direction (of the host's until its channels are
/// known), 70 KiB for TLS, 64 KiB for the WebSocket, and what its two streams hold.
public final class BuiltIn implements Engine {
    private final BooleanSupplier isBuilt;

    /// @param isBuilt whether what runs in the browser is in this edge
    public BuiltIn(BooleanSupplier isBuilt) {
        this.isBuilt = isBuilt;
    }

    @Override
    public void require(Admitted admitted) throws RefusedException {
        if (!isBuilt.getAsBoolean()) {
            throw new RefusedException(
                    "engine_missing",
                    "This edge was built without npm, so the engine that shows RDP is not in it.",
                    "Whoever runs it installs npm (Debian: apt-get install npm) and builds Culvert again, or"
                            + " configures guacd.");
        }
    }

    @Override
    public void run(DesktopSession session, HttpExchange exchange) throws IOException {
        new RdpSession(session, exchange).run();
    }
}
