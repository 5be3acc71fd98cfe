package dev.culvert.edge.admin;

import dev.culvert.edge.identity.EmailAddress;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who is behind an e-mail address, as far as the edge knows: from the newest session, else from the
/// account, else nothing but the address is taken to be true.
///
/// Confined to one thread: remembers whom it was asked for. Blocking.
final class People {
    private final AccessParts parts;
    private final Map<String, Known> known = new HashMap<>();

    /// @param assumed what is taken to be true, null for nothing
    record Known(Identity identity, @Nullable Session session, @Nullable String assumed) {}

    People(AccessParts parts) {
        this.parts = parts;
    }

    Known of(String email) throws StateException {
        String normal = EmailAddress.normal(email);
        String address = normal == null ? email : normal;
        Known before = known.get(address);
        if (before == null) {
            before = found(address);
            known.put(address, before);
        }
        return before;
    }

    private Known found(String email) throws StateException {
        Session session = parts.sessions().lastOf(email);
        if (session != null) {
            boolean living = parts.sessions().byId(session.id()) != null;
            return new Known(
                    session.identity(),
                    session,
                    living
                            ? null
                            : email
                                    + " signs in as last time: by "
                                    + session.identity().loginMethod());
        }
        Optional<User> user = parts.users().byEmail(email);
        if (user.isPresent()) {
            return new Known(
                    identity(user.get().id().toString(), email, user.get().name(), "local"),
                    null,
                    email + " signs in by the local account, with a password");
        }
        return new Known(
                identity(email, email, "", ""),
                null,
                email + " signs in by a way of no name, with no groups and claims");
    }

    private static Identity identity(String id, String email, String name, String method) {
        List<String> amr = method.isEmpty() ? List.of() : List.of("pwd");
        return new Identity(id, email, name, method, amr, List.of(), Map.of());
    }
}
