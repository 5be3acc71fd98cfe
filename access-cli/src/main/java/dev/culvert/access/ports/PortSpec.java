package dev.culvert.access.ports;

import org.jspecify.annotations.Nullable;

/// A local port as it is wished for. Immutable.
///
/// @param name what it is called here; unique in a set
/// @param target host name or URL of the service
/// @param listen `host:port`, `:port` or `port`; port 0 picks one
/// @param destination address behind a bastion service
/// @param cacert PEM file of the trusted authorities
/// @param connectTo where to dial instead
public record PortSpec(
        String name,
        String target,
        String listen,
        @Nullable String destination,
        @Nullable String cacert,
        @Nullable String connectTo) {}
