package dev.culvert.plugin.ssh.edge.gateway;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many connections there are at once: in all, of one network (an IPv4 address, an IPv6 /64), of one person, and
/// of those whose people are not known yet. When there are too many of the last, the network that has most of them
/// gives up its oldest, so that nobody keeps others out by holding places.
///
/// Thread-safe.
final class Doors {
    static final int MAX = 4_000;
    static final int MAX_OF_ONE_NETWORK = 400;
    static final int MAX_UNKNOWN = 500;
    static final int MAX_UNKNOWN_OF_ONE_NETWORK = 60;
    static final int MAX_OF_ONE_PERSON = 256;

    /// From so many on a person gets none more that names no host, where the edge grants windows of its own.
    static final int MAX_IN_LOBBY = 64;

    private static final int V6_PREFIX_BYTES = 8;

    private final Map<String, Count> networks = new HashMap<>();
    private final Map<String, Integer> people = new HashMap<>();

    /// Those whose people are not known yet, the oldest first.
    private final Set<Place> strangers = new LinkedHashSet<>();

    private int all;

    private static final class Count {
        private int all;
        private int unknown;
    }

    /// One connection's place, until it is given back.
    final class Place implements AutoCloseable {
        private final String network;
        private final Runnable end;
        private @Nullable String person;
        private boolean closed;

        private Place(String network, Runnable end) {
            this.network = network;
            this.end = end;
        }

        /// It is known now whose it is. Once.
        ///
        /// @param identity of the person
        /// @param most connections of theirs, with this one
        /// @return false when they have them already, or it has been given up
        boolean known(String identity, int most) {
            synchronized (Doors.this) {
                int theirs = people.getOrDefault(identity, 0);
                if (closed || person != null || theirs >= most) {
                    return false;
                }
                person = identity;
                people.put(identity, theirs + 1);
                strangers.remove(this);
                count(network, 0, -1);
                return true;
            }
        }

        @Override
        public void close() {
            synchronized (Doors.this) {
                if (!closed) {
                    closed = true;
                    boolean stranger = strangers.remove(this);
                    count(network, -1, stranger ? -1 : 0);
                    if (person != null) {
                        people.computeIfPresent(
                                person, (_, theirs) -> theirs == 1 ? null : theirs - 1);
                    }
                }
            }
        }
    }

    /// @param end ends the connection when its place is given up for another
    /// @throws FullException when there is none
    Place take(InetAddress address, Runnable end) throws FullException {
        Place place = new Place(network(address), end);
        Place givenUp = take(place);
        if (givenUp != null) {
            givenUp.end.run();
        }
        return place;
    }

    /// @return the one that is given up for it
    private synchronized @Nullable Place take(Place place) throws FullException {
        Count count = networks.getOrDefault(place.network, new Count());
        if (all >= MAX) {
            throw new FullException("There are too many connections at the moment");
        }
        if (count.all >= MAX_OF_ONE_NETWORK || count.unknown >= MAX_UNKNOWN_OF_ONE_NETWORK) {
            throw new FullException("There are too many connections from your network");
        }
        Place givenUp = strangers.size() < MAX_UNKNOWN ? null : oldestOfTheMost();
        if (givenUp != null) {
            givenUp.close();
        }
        strangers.add(place);
        count(place.network, 1, 1);
        return givenUp;
    }

    private Place oldestOfTheMost() {
        int most = strangers.stream().mapToInt(this::strangersBeside).max().orElseThrow();
        return strangers.stream()
                .filter(place -> strangersBeside(place) == most)
                .findFirst()
                .orElseThrow();
    }

    private int strangersBeside(Place place) {
        return networks.getOrDefault(place.network, new Count()).unknown;
    }

    private synchronized void count(String network, int more, int moreUnknown) {
        all += more;
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
