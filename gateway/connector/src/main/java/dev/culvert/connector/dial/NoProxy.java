package dev.culvert.connector.dial;

import io.netty.util.NetUtil;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `NO_PROXY` as Go reads it: a list of `*`, names (`example.com` with all below, `.example.com` only what
/// is below), addresses and networks (`10.0.0.0/8`), each but a network with an optional `:PORT`.
/// `localhost` and loopback addresses are never proxied.
///
/// Source: the documentation of `golang.org/x/net/http/httpproxy`. Immutable.
final class NoProxy {
    private static final int MAX_ENTRIES = 1000;

    private final List<Entry> entries = new ArrayList<>();
    private final boolean everything;

    /// @param name lower case without leading dot, or null for a network
    /// @param below only names below it
    /// @param port 0 for any
    private record Entry(
            @Nullable String name,
            boolean below,
            int port,
            @Nullable BigInteger net,
            int bits,
            int of) {}

    NoProxy(String text) {
        boolean all = false;
        for (String each : text.split("[,\\s]+", MAX_ENTRIES)) {
            String entry = each.strip().toLowerCase(Locale.ROOT);
            if (entry.equals("*")) {
                all = true;
            } else if (!entry.isEmpty()) {
                entries.add(entry(entry));
            }
        }
        everything = all;
    }

    private static Entry entry(String text) {
        int slash = text.indexOf('/');
        byte[] net = address(slash < 0 ? text : text.substring(0, slash));
        if (net != null) {
            int of = net.length * 8;
            int bits = of;
            if (slash >= 0) {
                try {
                    bits = Math.clamp(Integer.parseInt(text.substring(slash + 1)), 0, of);
                } catch (NumberFormatException e) {
                    bits = of;
                }
            }
            return new Entry(
                    null, false, 0, new BigInteger(1, net).shiftRight(of - bits), bits, of);
        }
        int port = 0;
        int colon = text.lastIndexOf(':');
        String name = text;
        if (colon >= 0 && colon > text.lastIndexOf(']')) {
            name = text.substring(0, colon);
            try {
                port = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                port = -1;
            }
        }
        byte[] literal = address(name);
        if (literal != null) {
            int of = literal.length * 8;
            return new Entry(null, false, port, new BigInteger(1, literal), of, of);
        }
        if (name.startsWith("*.")) {
            name = name.substring(1);
        }
        boolean below = name.startsWith(".");
        return new Entry(below ? name.substring(1) : name, below, port, null, 0, 0);
    }

    private static byte @Nullable [] address(String text) {
        return NetUtil.createByteArrayFromIpAddressString(text);
    }

    /// True when connections to this host go without a proxy.
    boolean has(String host, int port) {
        String lower = host.toLowerCase(Locale.ROOT);
        byte[] literal = address(lower);
        if (everything || lower.equals("localhost") || (literal != null && isLoopback(literal))) {
            return true;
        }
        BigInteger number = literal == null ? null : new BigInteger(1, literal);
        for (Entry each : entries) {
            boolean fits;
            if (each.net != null) {
                fits =
                        literal != null
                                && number != null
                                && literal.length * 8 == each.of
                                && number.shiftRight(each.of - each.bits).equals(each.net);
            } else {
                fits =
                        literal == null
                                && (lower.endsWith("." + each.name)
                                        || (!each.below && lower.equals(each.name)));
            }
            if (fits && (each.port == 0 || each.port == port)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLoopback(byte[] literal) {
        try {
            return InetAddress.getByAddress(literal).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("a literal has 4 or 16 bytes", e);
        }
    }
}
