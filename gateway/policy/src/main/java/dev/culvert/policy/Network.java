package dev.culvert.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses as bytes, and networks of them. Families never mix: `::/0` holds no IPv4 address, but an
/// IPv4 address written as an IPv6 one (`::ffff:10.0.0.1`) is the IPv4 address. Stateless.
final class Network {
    private static final Pattern IPV4 =
            Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    private Network() {}

    static boolean contains(Selector.IpRange range, InetAddress address) {
        byte[] network = unmapped(range.network().getAddress());
        byte[] asked = unmapped(address.getAddress());
        if (network.length != asked.length) {
            return false;
        }
        int whole = range.prefixLength() / 8;
        int rest = range.prefixLength() % 8;
        return Arrays.mismatch(network, 0, whole, asked, 0, whole) < 0
                && (rest == 0 || ((network[whole] ^ asked[whole]) & 0xff) >> (8 - rest) == 0);
    }

    /// Reads an address, without a zone and without looking up names.
    ///
    /// @return null when it is none
    static @Nullable InetAddress address(String text) {
        boolean six = text.indexOf(':') >= 0;
        if (text.length() > 45
                || text.indexOf('%') >= 0
                || text.indexOf('[') >= 0
                || (!six && !IPV4.matcher(text).matches())) {
            return null;
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The first address of the network that `address` is in.
    static InetAddress first(InetAddress address, int prefixLength) {
        byte[] bytes = address.getAddress();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            bytes[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes", e);
        }
    }

    /// `10.0.0.0/8`, or the address alone when it is one.
    static String shown(Selector.IpRange range) {
        int bits = range.network().getAddress().length * 8;
        String address = range.network().getHostAddress();
        return range.prefixLength() == bits ? address : address + "/" + range.prefixLength();
    }

    private static byte[] unmapped(byte[] address) {
        if (address.length != 16 || address[10] != -1 || address[11] != -1) {
            return address;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return address;
            }
        }
        return Arrays.copyOfRange(address, 12, 16);
    }
}
