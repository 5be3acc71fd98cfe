package dev.culvert.plugin.ssh.edge.gateway;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/// How many connections there are at once: in all, of one network (an IPv4 address, an IPv6 /64), and of those
/// whose people are not known yet. Thread-safe.
final class Doors {
    static final int MAX = 4_000;
    static final int MAX_OF_ONE_NETWORK = 400;
    static final int MAX_UNKNOWN = 500;
    static final int MAX_UNKNOWN_OF_ONE_NETWORK = 60;

    private static final int V6_PREFIX_BYTES = 8;

    private final Map<String, Count> networks = new HashMap<>();
    private int all;
    private int unknown;

    private static final class Count {
        private int all;
        private int unknown;
    }

    /// One connection's place, until it is given back.
    final class Place implements AutoCloseable {
        private final String network;
        private boolean known;
        private boolean closed;

        private Place(String network) {
            this.network = network;
        }

        /// Its people are known now.
        void known() {
            synchronized (Doors.this) {
                if (!known && !closed) {
                    known = true;
                    count(network, 0, -1);
                }
            }
        }

        @Override
        public void close() {
            synchronized (Doors.this) {
                if (!closed) {
                    closed = true;
                    count(network, -1, known ? 0 : -1);
                }
            }
        }
    }

    /// @throws FullException when there is none
    synchronized Place take(InetAddress address) throws FullException {
        String network = network(address);
        Count count = networks.getOrDefault(network, new Count());
        if (all >= MAX || unknown >= MAX_UNKNOWN) {
            throw new FullException("There are too many connections at the moment");
        }
        if (count.all >= MAX_OF_ONE_NETWORK || count.unknown >= MAX_UNKNOWN_OF_ONE_NETWORK) {
            throw new FullException("There are too many connections from your network");
        }
        count(network, 1, 1);
        return new Place(network);
    }

    private synchronized void count(String network, int more, int moreUnknown) {
        all += more;
        unknown += moreUnknown;
        Count count = networks.computeIfAbsent(network, same -> new Count());
        count.all += more;
        count.unknown += moreUnknown;
        if (count.all == 0) {
            networks.remove(network);
        }
    }

    private static String network(InetAddress address) {
        byte[] bytes = address.getAddress();
        return HexFormat.of()
                .formatHex(bytes.length == 4 ? bytes : Arrays.copyOf(bytes, V6_PREFIX_BYTES));
    }

    /// There is no place; says why.
    static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;

        FullException(String message) {
            super(message);
        }
    }
}
