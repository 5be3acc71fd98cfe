package dev.culvert.edge.admission;

import dev.culvert.policy.Application;
import dev.culvert.protocols.stream.StreamRequest;

/// A request at the gate of its application. Immutable.
public record Asked(
        StreamRequest request, Visitor visitor, String requestId, Application application) {}
