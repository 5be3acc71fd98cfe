package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.util.List;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// What somebody at a browser is to a session: its user, or one who watches. Thread-safe.
interface Part {
    Rights rights();

    /// Something came from the browser or from guacd: no ping, no `nop`, no end of a frame and no answer to that.
    void active();

    /// It goes to guacd.
    void up(Arguments said) throws ProtocolException;

    /// It goes to the browser.
    void down(Arguments said, boolean recorded) throws ProtocolException;

    /// Policy forbids it.
    void denied(String what);

    /// guacd asks for what the host needs to sign somebody in.
    ///
    /// @return why that is the end; null when it was answered
    @Nullable Ending required(List<String> names);

    /// What guacd's end means.
    ///
    /// @param status it gave; null for none
    Ending ended(@Nullable GuacamoleStatus status);
}
