package dev.culvert.bench.cases;

import java.util.List;

/// Sessions of remote desktops that are open, on whose screens something moves. Used by one thread.
interface Desktops extends AutoCloseable {
    /// What a session has shown since it began. Immutable.
    ///
    /// @param bytes of what its WebSocket brought
    record Shown(long frames, long bytes) {
        Shown since(Shown before) {
            return new Shown(frames - before.frames, bytes - before.bytes);
        }
    }

    /// What is typed on each screen: the time, in one place, five times a second. No character of it takes Shift. Screens
    /// that scroll as a whole are more than a Chromium with as many tabs can draw.
    String MOVES = "while sleep .2; do tput home; cat /proc/uptime; done";

    /// Of each.
    ///
    /// @throws Exception when one has ended
    List<Shown> shown() throws Exception;

    /// Ends all of them.
    @Override
    void close() throws Exception;
}
