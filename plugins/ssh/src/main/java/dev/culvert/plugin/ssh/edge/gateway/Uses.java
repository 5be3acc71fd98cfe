package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.SshRights.Use;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Which right of a policy each message of SSH's connection protocol (RFC 4254) falls under. Stateless.
final class Uses {
    /// Variables that programs show and sort by, and do nothing else.
    private static final Set<String> HARMLESS =
            Set.of("LANG", "LANGUAGE", "TERM", "COLORTERM", "NO_COLOR", "TZ");

    private Uses() {}

    /// What opening a channel of a kind falls under.
    ///
    /// @param type of a channel that a client opens, other than `session`
    /// @return null when there is no such kind for us
    static @Nullable Use ofClientsChannel(String type) {
        return switch (type) {
            case "direct-tcpip", "direct-streamlocal@openssh.com" -> Use.LOCAL_FORWARD;
            default -> null;
        };
    }

    /// @param type of a channel that a host opens
    /// @return null when there is no such kind for us
    static @Nullable Use ofHostsChannel(String type) {
        return switch (type) {
            case "forwarded-tcpip", "forwarded-streamlocal@openssh.com" -> Use.REMOTE_FORWARD;
            case "x11" -> Use.X11;
            case "auth-agent@openssh.com" -> Use.AGENT;
            default -> null;
        };
    }

    /// @param subsystem of the request `subsystem`
    static Use ofSubsystem(String subsystem) {
        return subsystem.equals("sftp") ? Use.SFTP : Use.EXEC;
    }

    /// Whether something goes on by it that no recording of a session shows: a port that leads to the host's own SSH
    /// server is a way around all of them.
    static boolean isUnrecorded(Use use) {
        return switch (use) {
            case LOCAL_FORWARD, REMOTE_FORWARD, AGENT, X11 -> true;
            case SHELL, EXEC, SFTP, ENV -> false;
        };
    }

    static boolean isHarmless(String variable) {
        return HARMLESS.contains(variable) || variable.startsWith("LC_");
    }

    /// As a sentence about it begins.
    static String shown(Use use) {
        return switch (use) {
            case SHELL -> "A shell";
            case EXEC -> "Running commands";
            case SFTP -> "SFTP";
            case ENV -> "Setting variables";
            case LOCAL_FORWARD -> "Forwarding ports of yours";
            case REMOTE_FORWARD -> "Forwarding ports of the host";
            case AGENT -> "Agent forwarding";
            case X11 -> "X11 forwarding";
        };
    }
}
