package dev.culvert.access;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;

/// Resolution of names, with `localhost` and everything below it fixed to loopback (RFC 6761,
/// section 6.3): Java asks the system, and Debian's answers for `localhost` only.
///
/// Blocking: not on an I/O thread.
final class LocalNames {
    private LocalNames() {}

    static boolean isLocal(String host) {
        String name = host.toLowerCase(Locale.ROOT);
        name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        return name.equals("localhost") || name.endsWith(".localhost");
    }

    /// Every address, in the order to try them; never empty.
    static InetAddress[] resolve(String host) throws UnknownHostException {
        if (isLocal(host)) {
            return new InetAddress[] {
                InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}),
                InetAddress.getByAddress(
                        host, new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
            };
        }
        return InetAddress.getAllByName(host);
    }
}
