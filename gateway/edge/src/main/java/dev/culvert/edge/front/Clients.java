package dev.culvert.edge.front;

import dev.culvert.edge.web.Networks;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/// Connections and streams open by client address. The addresses of an IPv6 /64 are one client, since
/// whoever has one of them has them all.
///
/// Thread-safe: one lock, held for a map's look-up. Holds an entry for each client that has something
/// open, so never more than there are connections.
final class Clients {
    private static final class Counts {
        int connections;
        int streams;

        boolean isEmpty() {
            return connections == 0 && streams == 0;
        }
    }

    private final Map<String, Counts> byClient = new HashMap<>();
    private final int maxConnections;
    private final int maxStreams;

    Clients(int maxConnections, int maxStreams) {
        this.maxConnections = maxConnections;
        this.maxStreams = maxStreams;
    }

    /// The address as origins and logs see it: RFC 5952, without zone and port.
    static String text(InetAddress address) {
        return NetUtil.toAddressString(address);
    }

    /// @return false when the client has too many
    synchronized boolean connect(String address) {
        Counts counts = byClient.computeIfAbsent(Networks.of(address), name -> new Counts());
        if (counts.connections >= maxConnections) {
            return false;
        }
        counts.connections++;
        return true;
    }

    synchronized void disconnect(String address) {
        String key = Networks.of(address);
        Counts counts = byClient.get(key);
        if (counts != null) {
            counts.connections--;
            removeIfEmpty(key, counts);
        }
    }

    /// Counts a stream in any case.
    ///
    /// @return false when the client has too many
    synchronized boolean open(String address) {
        Counts counts = byClient.computeIfAbsent(Networks.of(address), name -> new Counts());
        counts.streams++;
        return counts.streams <= maxStreams;
    }

    synchronized void close(String address) {
        String key = Networks.of(address);
        Counts counts = byClient.get(key);
        if (counts != null) {
            counts.streams--;
            removeIfEmpty(key, counts);
        }
    }

    private void removeIfEmpty(String key, Counts counts) {
        if (counts.isEmpty()) {
            byClient.remove(key);
        }
    }

    synchronized int size() {
        return byClient.size();
    }
}
