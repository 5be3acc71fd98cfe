package dev.culvert.edge.admission;

import dev.culvert.policy.Application;
import dev.culvert.policy.Policy;

/// That a request was let into an application, written down before. It stays with the request's stream.
/// Immutable but for the counts of its use.
public record Grant(
        Application application, Policy policy, Principal principal, Visitor visitor, Use use) {}
