package dev.culvert.access.ports;

import java.util.Locale;

/// An application the edge offers to this user. Immutable.
///
/// @param hostname public name, with the edge's port when that is not 443
/// @param path begins with `/`
/// @param url where a browser opens it
public record App(String name, Kind kind, String hostname, String path, String url) {
    /// What speaks to it.
    public enum Kind {
        WEB,
        SSH,
        RDP,
        VNC,
        TCP;

        /// Kinds of later versions are carried as bytes.
        static Kind of(String word) {
            for (Kind kind : values()) {
                if (kind.word().equals(word)) {
                    return kind;
                }
            }
            return TCP;
        }

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// One that nobody told of: a host name somebody typed.
    public static App ofHostname(String hostname) {
        return new App(hostname, Kind.TCP, hostname, "/", "https://" + hostname + "/");
    }

    /// Address of its streams.
    public String target() {
        return "https://" + hostname + path;
    }

    /// What a search looks at.
    public String words() {
        return name + " " + hostname + " " + kind.word();
    }
}
