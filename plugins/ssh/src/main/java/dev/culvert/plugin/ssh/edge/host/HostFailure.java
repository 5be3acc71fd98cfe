package dev.culvert.plugin.ssh.edge.host;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Why there is no session with a host, from what was noted while it was tried. Immutable.
///
/// @param refusal when the edge or its user did not go on
/// @param disagreement over algorithms
/// @param lastWords with which the host disconnected
/// @param methods of signing in that the host takes
/// @param identified whether it said that it speaks SSH
record HostFailure(
        String host,
        String login,
        @Nullable RefusedException refusal,
        @Nullable Throwable disagreement,
        @Nullable Throwable cause,
        @Nullable String lastWords,
        List<String> methods,
        boolean identified) {
    private static final int MAX_SHOWN = 200;

    RefusedException because() {
        RefusedException reason = refusal != null ? refusal : found();
        if (cause != null && reason.getCause() == null && reason != cause) {
            reason.addSuppressed(cause);
        }
        return reason;
    }

    private RefusedException found() {
        if (disagreement != null) {
            return new RefusedException(
                    "host_no_algorithms",
                    host + " and the edge have no algorithms in common.",
                    "Update the host's SSH server: it offers nothing but what is not secure any more.");
        }
        if (!identified) {
            return new RefusedException(
                    "host_not_ssh",
                    "What answers for " + host + " is not an SSH server, or closed at once.",
                    "Check the service of its route, and the host's log.");
        }
        if (!methods.isEmpty()) {
            return new RefusedException("sign_in_failed", signInFailed(), signInNext());
        }
        if (lastWords != null) {
            return new RefusedException(
                    "host_ended",
                    host + " ended it: " + shown(lastWords) + ".",
                    "See the host's log.");
        }
        return new RefusedException(
                "host_ended",
                host + " closed the connection before anybody was signed in.",
                "See the host's log (sshd: MaxStartups, LoginGraceTime, DenyUsers).");
    }

    private String signInFailed() {
        String words = lastWords == null ? "" : " (" + shown(lastWords) + ")";
        return host + " did not let " + login + " in" + words + "; it takes " + takes() + ".";
    }

    private String takes() {
        return String.join(", ", methods.stream().map(HostFailure::shown).toList());
    }

    private String signInNext() {
        boolean passwords =
                methods.contains("password") || methods.contains("keyboard-interactive");
        String other = passwords ? "a password" : "a key that the host knows";
        return "Check the login name; for certificates, that the host trusts the edge's authority"
                + " (TrustedUserCAKeys); or sign in with "
                + other
                + ".";
    }

    static RefusedException silent(String host, boolean identified) {
        return new RefusedException(
                "host_timeout",
                host
                        + " accepted the connection and "
                        + (identified ? "then" : "")
                        + " said nothing.",
                "Check that the service of its route is an SSH server, and that it is not overloaded.");
    }

    /// A host's words, as a line.
    private static String shown(String text) {
        String cut = OneLine.spaced(text, MAX_SHOWN);
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }
}
