package dev.culvert.recording;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What a recording's data file is: who plays it, and where its records end.
public enum Format {
    /// Terminals: asciicast v2. A record is a line.
    CAST,
    /// Desktops: the instructions of Guacamole's protocol. A record is some whole instructions; how long each is says
    /// the sidecar.
    GUAC;

    /// As sidecars say it: `cast`.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Of its files: `.cast`.
    public String ending() {
        return '.' + word();
    }

    /// Null for a word of no format's. Sidecars made before there were two say nothing, and are of terminals.
    static @Nullable Format read(String word) {
        return switch (word) {
            case "", "cast" -> CAST;
            case "guac" -> GUAC;
            default -> null;
        };
    }
}
