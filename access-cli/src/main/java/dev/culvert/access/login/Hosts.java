package dev.culvert.access.login;

import dev.culvert.access.HostPort;
import dev.culvert.access.Problem;
import dev.culvert.access.Target;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Names of HTTPS hosts as tokens, files and addresses write them: without the port when it is 443. Immutable.
final class Hosts {
    private Hosts() {}

    static String text(HostPort host) {
        return new Target(host, "/").hostHeader();
    }

    /// A host and perhaps a port, nothing else; or null.
    static @Nullable HostPort parse(String text) {
        if (text.isEmpty() || !text.matches("[A-Za-z0-9.-]+(:[0-9]{1,5})?")) {
            return null;
        }
        try {
            return Target.parse(text).address();
        } catch (Problem e) {
            return null;
        }
    }

    /// The host of an `https` address, or null for another.
    static @Nullable HostPort of(URI address) {
        boolean plain =
                "https".equalsIgnoreCase(address.getScheme()) && address.getRawUserInfo() == null;
        String authority = address.getRawAuthority();
        return plain && authority != null ? parse(authority) : null;
    }
}
