package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.RefusedException;

/// Why a session ends before its shell does. Immutable.
sealed interface Ending {
    /// In the audit log, one word.
    String word();

    /// The page is gone or wants no more: nobody is told.
    record PageGone() implements Ending {
        @Override
        public String word() {
            return "disconnected";
        }
    }

    /// Policies let it in no longer, which the edge tells the page itself.
    record Revoked(String reason) implements Ending {
        @Override
        public String word() {
            return "revoked";
        }
    }

    /// The page is told.
    record Stopped(RefusedException why) implements Ending {
        @Override
        public String word() {
            return why.code();
        }
    }
}
