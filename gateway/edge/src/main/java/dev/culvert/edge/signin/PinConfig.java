package dev.culvert.edge.signin;

import java.util.Set;

/// To whom a code is sent by mail. Immutable.
///
/// @param domains everybody with an address in one of these, and not in a domain below it
/// @param addresses and these, in the form that is kept
public record PinConfig(Set<String> domains, Set<String> addresses) {
    public PinConfig {
        domains = Set.copyOf(domains);
        addresses = Set.copyOf(addresses);
    }

    /// @param address in the form that is kept
    public boolean allows(String address) {
        return addresses.contains(address)
                || domains.contains(address.substring(address.lastIndexOf('@') + 1));
    }
}
