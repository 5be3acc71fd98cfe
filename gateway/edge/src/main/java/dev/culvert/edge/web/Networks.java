package dev.culvert.edge.web;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/// Who counts as one client: an IPv4 address, or all of an IPv6 /64. Stateless.
public final class Networks {
    private static final int V6_PREFIX_BYTES = 8;

    private Networks() {}

    /// The same text for all addresses of one network.
    ///
    /// @param address without zone and port; anything else is a network of its own
    public static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        try {
            byte[] bytes = InetAddress.ofLiteral(address).getAddress();
            return HexFormat.of()
                    .formatHex(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, V6_PREFIX_BYTES));
        } catch (IllegalArgumentException e) {
            return address;
        }
    }
}
