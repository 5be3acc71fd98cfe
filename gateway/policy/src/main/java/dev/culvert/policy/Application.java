package dev.culvert.policy;

import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.SshSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What is protected together: hosts and paths, and the policies that decide. Immutable.
///
/// @param name unique
/// @param aud audience of its tokens: 64 hexadecimal digits
/// @param places where it is, the first one shown to people
/// @param kind how the launcher opens it
/// @param session how long a token for it lasts
/// @param loginMethods ways in that count; empty for all
/// @param policies in order
/// @param listed whether the launcher shows it
/// @param contact whom a person who was denied should ask; shown as it is
/// @param preflight whether `OPTIONS` requests of CORS pass to the origin unasked
/// @param browser whether the edge shows the service in a browser, as a terminal or a desktop
/// @param ssh what holds where its kind is `ssh`
/// @param desktop what holds where its kind is a desktop's and `browser` is true
public record Application(
        String name,
        String aud,
        List<Place> places,
        Kind kind,
        Duration session,
        List<String> loginMethods,
        List<Policy> policies,
        boolean listed,
        @Nullable String contact,
        boolean preflight,
        boolean browser,
        SshSettings ssh,
        DesktopSettings desktop) {
    public Application {
        places = List.copyOf(places);
        loginMethods = List.copyOf(loginMethods);
        policies = List.copyOf(policies);
    }

    /// Whether nobody is let in end to end by a program of theirs because recordings are required.
    public boolean isOnlyRecorded() {
        return kind == Kind.SSH && ssh.recording() == SshSettings.Recording.REQUIRED
                || isOnlyInBrowser() && desktop.recording() == SshSettings.Recording.REQUIRED;
    }

    /// Whether a browser is the only way in: what holds of its desktop holds there alone.
    public boolean isOnlyInBrowser() {
        return kind.isDesktop() && browser && !desktop.programs();
    }

    public enum Kind {
        WEB,
        SSH,
        RDP,
        VNC,
        TELNET,
        TCP;

        /// Whether a browser shows it as a desktop.
        public boolean isDesktop() {
            return this == RDP || this == VNC || this == TELNET;
        }

        /// As rules write it.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// A host, exact or `*.suffix`, in lower case, and a path that begins with `/`: a request is there
    /// when its path is this one or below it. `/` is all of the host.
    public record Place(String host, String path) {
        /// `wiki.example.com/admin`
        public String shown() {
            return host + (path.equals("/") ? "" : path);
        }
    }
}
