package dev.culvert.edge.tunnel;

import java.time.Duration;

/// What registrations are checked against and answered with. Immutable.
///
/// @param location shown in connectors' logs
/// @param drainWithin how long streams of an unregistered connection may go on
public record TunnelSettings(String accountTag, String location, Duration drainWithin) {
    /// Feature of connectors that return connection-level credit on receipt.
    static final String STREAM_WINDOWS = "culvert_stream_windows";
}
