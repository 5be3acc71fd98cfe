package dev.culvert.connector.dial;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/// `edge-ip-version`: which of a name's addresses are used. Immutable.
public enum IpVersion {
    FOUR,
    SIX,
    /// The family of the first address; the other one when all of that failed.
    AUTO;

    static boolean isFour(InetAddress address) {
        return address instanceof Inet4Address;
    }

    /// The family an address belongs to.
    public static IpVersion of(InetAddress address) {
        return isFour(address) ? FOUR : SIX;
    }

    /// How late an address is used: 0 first, 1 when the others failed, -1 never.
    int rank(InetAddress address, List<InetAddress> all) {
        return switch (this) {
            case FOUR -> isFour(address) ? 0 : -1;
            case SIX -> isFour(address) ? -1 : 0;
            case AUTO -> isFour(address) == isFour(all.getFirst()) ? 0 : 1;
        };
    }

    @Override
    public String toString() {
        return switch (this) {
            case FOUR -> "IPv4";
            case SIX -> "IPv6";
            case AUTO -> "auto";
        };
    }
}
