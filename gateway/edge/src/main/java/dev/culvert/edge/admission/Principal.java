package dev.culvert.edge.admission;

import dev.culvert.edge.identity.ServiceTokens;
import dev.culvert.edge.identity.Session;
import dev.culvert.policy.Caller;

/// In whose name something is let in. Immutable.
public sealed interface Principal {
    /// Begins the [#actor] of a service token.
    String MACHINE = "service-token:";

    /// Begins the [#actor] of a client certificate.
    String DEVICE = "certificate:";

    /// Somebody who has signed in.
    record Person(Session session) implements Principal {}

    /// A service token.
    record Machine(ServiceTokens.Proof proof) implements Principal {}

    /// A client certificate.
    record Device(Caller.ClientCertificate certificate) implements Principal {}

    /// Nobody in particular: the policy lets everybody by.
    record Anyone() implements Principal {}

    /// As in the audit log.
    default String actor() {
        return switch (this) {
            case Person(Session session) -> session.identity().email();
            case Machine(var proof) -> MACHINE + proof.token().name();
            case Device(Caller.ClientCertificate certificate) -> DEVICE + certificate.commonName();
            case Anyone() -> "anyone";
        };
    }

    /// The same for the same session, token or certificate, different from all others.
    default String key() {
        return switch (this) {
            case Person(Session session) -> "p" + session.id();
            case Machine(var proof) -> "m" + proof.token().id() + proof.hash();
            case Device(Caller.ClientCertificate certificate) -> "d" + certificate.fingerprint();
            case Anyone() -> "a";
        };
    }
}
