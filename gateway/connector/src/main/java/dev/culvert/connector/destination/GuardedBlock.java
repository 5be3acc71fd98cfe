package dev.culvert.connector.destination;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Addresses that lead to the connector's own machine, to nobody in particular, or to a cloud's
/// metadata service, which hands out credentials: closed to clients unless a rule names them. The
/// smaller blocks come first. Immutable.
///
/// Sources: IANA's special-purpose address registries (RFC 6890), RFC 6052 and RFC 8215 (NAT64), the
/// clouds' manuals.
record GuardedBlock(IpPrefix block, String what) {
    private static final List<GuardedBlock> ALL =
            List.of(
                    of("169.254.169.254/32", "a metadata service"),
                    of("100.100.100.200/32", "a metadata service"),
                    of("168.63.129.16/32", "a metadata service"),
                    of("192.0.0.192/32", "a metadata service"),
                    of("fd00:ec2::254/128", "a metadata service"),
                    of("fd20:ce::254/128", "a metadata service"),
                    of("::/128", "unspecified"),
                    of("::1/128", "loopback"),
                    of("127.0.0.0/8", "loopback"),
                    of("0.0.0.0/8", "unspecified"),
                    of("169.254.0.0/16", "link-local"),
                    of("fe80::/10", "link-local"),
                    of("224.0.0.0/4", "multicast"),
                    of("ff00::/8", "multicast"),
                    of("255.255.255.255/32", "broadcast"),
                    of("64:ff9b:1::/48", "a translated address of this network"));

    private static final IpPrefix COMPATIBLE = IpPrefix.of("::/96");
    private static final IpPrefix NAT64 = IpPrefix.of("64:ff9b::/96");
    private static final IpPrefix SIX_TO_FOUR = IpPrefix.of("2002::/16");

    private static GuardedBlock of(String prefix, String what) {
        return new GuardedBlock(IpPrefix.of(prefix), what);
    }

    /// The smallest block with this address, or null.
    static @Nullable GuardedBlock of(byte[] address) {
        for (GuardedBlock guarded : ALL) {
            if (guarded.block.contains(address)) {
                return guarded;
            }
        }
        return null;
    }

    /// The IPv4 address that an IPv6 address leads to, or null: IPv4-compatible (RFC 4291, section
    /// 2.5.5.1), NAT64 (RFC 6052) and 6to4 (RFC 3056).
    static byte @Nullable [] wrapped(byte[] address) {
        int at;
        if (NAT64.contains(address)) {
            at = 12;
        } else if (SIX_TO_FOUR.contains(address)) {
            at = 2;
        } else if (COMPATIBLE.contains(address) && of(address) == null) {
            at = 12;
        } else {
            return null;
        }
        return java.util.Arrays.copyOfRange(address, at, at + 4);
    }
}
