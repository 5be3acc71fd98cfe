package dev.culvert.edge.signin;

import java.util.Set;

/// To whom a code is sent by mail. Immutable.
///
/// @param domains everybody with an address in one of these, and not in a domain below it
/// @param addresses and these
public record PinConfig(Set<String> domains, Set<EmailAddress> addresses) {
    public PinConfig {
        domains = Set.copyOf(domains);
        addresses = Set.copyOf(addresses);
    }

    public boolean allows(EmailAddress address) {
        return domains.contains(address.domain()) || addresses.contains(address);
    }
}
