package dev.culvert.policy;

import java.util.List;
import java.util.Map;

/// A person who has signed in. Immutable.
///
/// @param id stable for the life of the account, at this edge
/// @param email in lower case
/// @param name to be shown
/// @param loginMethod name of the way in: `local`, `pin`, or an identity provider's name
/// @param amr how it was proven, of RFC 8176: `pwd`, `otp`, `hwk`, `mfa`
/// @param groups the identity provider's
/// @param claims of the identity provider, each with all its values as text
public record Identity(
        String id,
        String email,
        String name,
        String loginMethod,
        List<String> amr,
        List<String> groups,
        Map<String, List<String>> claims) {
    public Identity {
        amr = List.copyOf(amr);
        groups = List.copyOf(groups);
        claims = Map.copyOf(claims);
    }
}
