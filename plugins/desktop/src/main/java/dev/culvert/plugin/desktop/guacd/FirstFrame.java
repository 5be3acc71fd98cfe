package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;

/// Finds out when a host is connected. Of guacd's instructions none says so; these do: a frame in which something was drawn
/// that is seen, after the host has said something, or a few empty ones, for a host whose screen stands still (guacd
/// gives them four times a second once it is signed in, and a single one before).
///
/// For the thread that reads guacd.
final class FirstFrame {
    private static final int EMPTY = 3;

    private boolean drawn;
    private int frames;

    /// @param isHeard whether the host has said something
    /// @return whether it is connected
    boolean completes(Arguments said, boolean isHeard) throws ProtocolException {
        if (!isHeard) {
            return false;
        }
        drawn |= draws(said);
        if (!said.opcode().equals("sync")) {
            return false;
        }
        frames++;
        return drawn || frames == EMPTY;
    }

    /// On a layer, not into a buffer such as the cursor's.
    private static boolean draws(Arguments said) throws ProtocolException {
        return switch (said.opcode()) {
            case "rect" -> said.number(0) >= 0;
            case "cfill" -> said.number(1) >= 0;
            case "img" -> said.number(2) >= 0;
            case "copy" -> said.number(6) >= 0;
            default -> false;
        };
    }
}
