package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.host.HostSession;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The sessions that browsers have open. Thread-safe.
final class OpenTerminals {
    /// Most sessions of one actor.
    static final int MOST = 64;

    private static final int ID_BYTES = 24;

    private final SecureRandom random = new SecureRandom();
    private final Map<String, OpenTerminal> byId = new HashMap<>();

    synchronized OpenTerminal add(HostSession host, @Nullable Recorder recorder)
            throws RefusedException {
        String actor = host.admitted().actor();
        long open =
                byId.values().stream()
                        .filter(each -> each.host().admitted().actor().equals(actor))
                        .count();
        if (open >= MOST) {
            throw new RefusedException(
                    "too_many_sessions",
                    actor + " has " + open + " terminals open.",
                    "Close some.");
        }
        OpenTerminal terminal = new OpenTerminal(unguessable(), unguessable(), host, recorder);
        byId.put(terminal.id(), terminal);
        return terminal;
    }

    /// Null when there is none of theirs.
    synchronized @Nullable OpenTerminal find(String id, Admitted admitted) {
        OpenTerminal terminal = byId.get(id);
        return terminal != null && terminal.isOf(admitted) ? terminal : null;
    }

    synchronized void remove(OpenTerminal terminal) {
        byId.remove(terminal.id());
    }

    private String unguessable() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
