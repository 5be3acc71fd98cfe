package dev.culvert.connector.destination;

import java.util.Set;

/// One entry of `ipRules`. Immutable.
///
/// @param ports empty for all of them
public record IpRule(IpPrefix prefix, Set<Integer> ports, boolean allow) {
    public IpRule {
        ports = Set.copyOf(ports);
    }

    boolean matches(byte[] address, int port) {
        return prefix.contains(address) && (ports.isEmpty() || ports.contains(port));
    }

    @Override
    public String toString() {
        return (allow ? "allow " : "deny ")
                + prefix
                + (ports.isEmpty() ? "" : " ports " + ports.stream().sorted().toList());
    }
}
