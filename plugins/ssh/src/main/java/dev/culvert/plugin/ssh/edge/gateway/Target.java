package dev.culvert.plugin.ssh.edge.gateway;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where an SSH user name leads: `LOGIN%HOST`. Immutable.
///
/// @param login name at the host
/// @param host in lower case, without port
record Target(String login, String host) {
    private static final Pattern LOGIN = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Z}%]{1,64}");
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9]([a-z0-9-]*[a-z0-9])?(\\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*");
    private static final int MAX_HOST = 253;

    /// @return null when the name leads to no host: it has no `%`, or what stands around it is none
    static @Nullable Target parse(String user) {
        int at = user.lastIndexOf('%');
        return at < 0 ? null : of(user.substring(0, at), user.substring(at + 1));
    }

    /// @return null when one of them is none
    static @Nullable Target of(String login, String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        return LOGIN.matcher(login).matches()
                        && lower.length() <= MAX_HOST
                        && HOST.matcher(lower).matches()
                ? new Target(login, lower)
                : null;
    }
}
