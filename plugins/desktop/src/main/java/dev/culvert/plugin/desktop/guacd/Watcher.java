package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.protocols.ProtocolException;
import java.util.List;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// Somebody who watches a session, and types in it when they may. Thread-safe.
///
/// @param tape of the session; null for none
record Watcher(DesktopSession session, Rights rights, @Nullable Tape tape) implements Part {
    /// That they are there keeps no session from being idle; what they do is told by [#up].
    @Override
    public void active() {}

    @Override
    public void up(Arguments said) throws ProtocolException {
        if (said.opcode().equals("key") || said.opcode().equals("mouse")) {
            session.active();
            if (tape != null) {
                tape.done(said);
            }
        }
    }

    @Override
    public void down(Arguments said, boolean recorded) {}

    @Override
    public void denied(String what) {}

    @Override
    public @Nullable Ending required(List<String> names) {
        return null;
    }

    @Override
    public Ending ended(@Nullable GuacamoleStatus status) {
        return status == null || status == GuacamoleStatus.SUCCESS
                ? Ending.OVER
                : Ending.failed(status, "The session has ended.");
    }
}
