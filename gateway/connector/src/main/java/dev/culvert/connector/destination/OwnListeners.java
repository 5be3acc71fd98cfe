package dev.culvert.connector.destination;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Collection;
import java.util.List;

/// Where this process listens itself. Immutable.
@FunctionalInterface
public interface OwnListeners {
    OwnListeners NONE = (_, _) -> false;

    /// Asks the operating system for its addresses: virtual threads only.
    boolean include(InetAddress address, int port);

    static OwnListeners of(Collection<InetSocketAddress> listeners) {
        List<InetSocketAddress> all = List.copyOf(listeners);
        return (address, port) ->
                all.stream()
                        .anyMatch(own ->
                                own.getPort() == port
                                        && (own.getAddress().isAnyLocalAddress()
                                                ? isLocal(address)
                                                : own.getAddress().equals(address)));
    }

    private static boolean isLocal(InetAddress address) {
        try {
            return address.isLoopbackAddress()
                    || address.isAnyLocalAddress()
                    || NetworkInterface.getByInetAddress(address) != null;
        } catch (SocketException e) {
            // Unknown is not a reason to let somebody in.
            return true;
        }
    }
}
