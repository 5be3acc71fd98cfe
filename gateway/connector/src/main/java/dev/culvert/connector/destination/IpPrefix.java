package dev.culvert.connector.destination;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A block of addresses, such as `10.0.0.0/8` or `fd00::/8`. Families never mix: `::/0` holds no IPv4
/// address. A prefix of IPv4 addresses written as IPv6 ones (`::ffff:10.0.0.0/104`) is the IPv4 prefix.
/// Immutable.
public final class IpPrefix {
    private static final int MAPPED_BITS = 96;

    private final byte[] base;
    private final int bits;

    /// @param address 4 or 16 bytes; those behind `bits` do not count
    private IpPrefix(byte[] address, int bits) {
        this.base = address.clone();
        this.bits = bits;
        for (int bit = bits; bit < base.length * 8; bit++) {
            base[bit / 8] &= (byte) ~(0x80 >> bit % 8);
        }
    }

    /// @return null when it is none
    public static @Nullable IpPrefix parse(String text) {
        int slash = text.indexOf('/');
        String length = text.substring(slash + 1);
        if (slash < 0
                || text.indexOf('%') >= 0
                || text.indexOf('[') >= 0
                || length.isEmpty()
                || length.length() > 3
                || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        String address = text.substring(0, slash);
        byte[] bytes = literal(address);
        int bits = Integer.parseInt(length);
        if (bytes == null) {
            return null;
        }
        if (bytes.length == 4 && address.indexOf(':') >= 0) {
            // A mapped address, which the JDK gives as the IPv4 one.
            bits -= MAPPED_BITS;
            if (bits < 0) {
                return null;
            }
        }
        return bits > bytes.length * 8 ? null : new IpPrefix(bytes, bits);
    }

    private static byte @Nullable [] literal(String text) {
        if (text.indexOf(':') < 0) {
            return NetUtil.createByteArrayFromIpAddressString(text);
        }
        try {
            return InetAddress.ofLiteral(text).getAddress();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    static IpPrefix of(String text) {
        IpPrefix prefix = parse(text);
        if (prefix == null) {
            throw new IllegalArgumentException(text);
        }
        return prefix;
    }

    /// The IPv4 address in `::ffff:a.b.c.d`, every other address as it is.
    static byte[] unmapped(byte[] address) {
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

    /// @param address of the same form as [#unmapped] gives
    boolean contains(byte[] address) {
        if (address.length != base.length) {
            return false;
        }
        int whole = bits / 8;
        if (Arrays.mismatch(address, 0, whole, base, 0, whole) >= 0) {
            return false;
        }
        int rest = bits % 8;
        return rest == 0 || ((address[whole] ^ base[whole]) & 0xff) >> (8 - rest) == 0;
    }

    /// Whether all of this is in `other`.
    boolean isWithin(IpPrefix other) {
        return bits >= other.bits && other.contains(base);
    }

    boolean isSingleAddress() {
        return bits == base.length * 8;
    }

    @Override
    public String toString() {
        return NetUtil.bytesToIpAddress(base) + "/" + bits;
    }
}
