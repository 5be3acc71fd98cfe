package dev.culvert.edge;

import dev.culvert.config.Shown;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/// Reads `HOST:PORT` of a listener; without a host, or with `*`, it is every address. Stateless.
final class ListenAddress {
    /// Stands for one that could not be read; that was reported.
    private static final InetSocketAddress INVALID =
            InetSocketAddress.createUnresolved("invalid", 0);

    private ListenAddress() {}

    /// @param problem is told what is wrong
    static InetSocketAddress read(String text, Consumer<String> problem) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (colon < 0 || !isPort(port)) {
            problem.accept(Shown.value(text) + " (expected: HOST:PORT, such as 0.0.0.0:443)");
            return INVALID;
        }
        int number = Integer.parseInt(port);
        InetSocketAddress address =
                host.isEmpty() || host.equals("*")
                        ? new InetSocketAddress(number)
                        : new InetSocketAddress(host, number);
        if (address.isUnresolved()) {
            problem.accept(Shown.value(host) + " does not resolve to an address");
        }
        return address;
    }

    private static boolean isPort(String text) {
        return !text.isEmpty()
                && text.length() <= 5
                && text.chars().allMatch(c -> c >= '0' && c <= '9')
                && Integer.parseInt(text) <= 65535;
    }
}
