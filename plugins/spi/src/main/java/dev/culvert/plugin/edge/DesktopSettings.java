package dev.culvert.plugin.edge;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What an application's key `desktop` says: how its desktop is shown in a browser, and what may go through.
/// Immutable.
///
/// @param engine what speaks with the host
/// @param programs whether client programs such as `access rdp` may connect end to end, where nothing of this holds
/// @param readOnly whether people only look
/// @param clipboard which way text of the clipboard may go
/// @param files which way files may go
/// @param audio whether what the host plays is heard
/// @param recording of sessions; anything but off needs guacd
/// @param recordKeys whether recordings hold the keys that were pressed, passwords among them
/// @param host how the host is known
/// @param security what an RDP connection is protected by
/// @param keyboard layout as guacd names them (`de-de-qwertz`), `unicode` to send characters in place of keys; null
///     for `en-us-qwerty`
/// @param connect time until the host's first picture, 5 s to 2 min
/// @param idle time without a byte in either direction on any channel after which a session ends; zero for none
/// @param sessionsPerUser at a time, 1 to 100
public record DesktopSettings(
        Engine engine,
        boolean programs,
        boolean readOnly,
        Direction clipboard,
        Direction files,
        boolean audio,
        SshSettings.Recording recording,
        boolean recordKeys,
        HostTrust host,
        Security security,
        @Nullable String keyboard,
        Duration connect,
        Duration idle,
        int sessionsPerUser) {
    public static final DesktopSettings DEFAULT =
            new DesktopSettings(
                    Engine.AUTO,
                    false,
                    false,
                    Direction.BOTH,
                    Direction.NONE,
                    true,
                    SshSettings.Recording.OFF,
                    false,
                    HostTrust.FIRST_USE,
                    Security.ANY,
                    null,
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    5);

    /// What speaks with the host.
    public enum Engine {
        /// The built-in one for RDP where it can do what the application wants, else guacd.
        AUTO,
        /// IronRDP in the browser, over RDCleanPath. RDP only.
        BUILT_IN,
        GUACD;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// Ways through, seen from the host: in is from the user's machine to the host.
    public enum Direction {
        NONE,
        IN,
        OUT,
        BOTH;

        public boolean in() {
            return this == IN || this == BOTH;
        }

        public boolean out() {
            return this == OUT || this == BOTH;
        }
    }

    /// What protects a connection to an RDP host (MS-RDPBCGR, section 5.4). The oldest, RDP's own, is never taken.
    public enum Security {
        /// What the host chooses of the two others.
        ANY,
        TLS,
        /// CredSSP inside of TLS: the host signs in whoever comes before it shows anything.
        NLA;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// How a host's TLS certificate is known: it is one of those pinned, or an authority signed it for this name; with
    /// neither given, the one shown to the first user is remembered.
    ///
    /// @param certificates `SHA256:` and the 64 hexadecimal digits of the certificate's hash, in lower case
    /// @param authorities certificates in PEM, one text each
    /// @param name what the certificate is for, when authorities are given; null for the first domain of the application
    public record HostTrust(
            List<String> certificates, List<String> authorities, @Nullable String name) {
        public static final HostTrust FIRST_USE = new HostTrust(List.of(), List.of(), null);

        public HostTrust {
            certificates = List.copyOf(certificates);
            authorities = List.copyOf(authorities);
        }
    }

    /// Why the built-in engine cannot do what is wanted, for people; empty when it can.
    public String onlyGuacd() {
        if (recording != SshSettings.Recording.OFF) {
            return "sessions are to be recorded, which the built-in engine cannot do";
        }
        if (clipboard == Direction.IN || clipboard == Direction.OUT) {
            return "the clipboard is open one way, and the built-in engine has it open or closed as a whole";
        }
        if (files != Direction.NONE) {
            return "files are to go through, which the built-in engine cannot do";
        }
        return "";
    }
}
