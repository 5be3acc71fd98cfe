package dev.culvert.connector.dial;

/// An edge as somebody named it: on the command line, or in an SRV record (RFC 2782). Immutable.
///
/// @param priority targets of a lower value are used first
/// @param weight share of the connections among targets of one priority
/// @param host name or literal address
public record EdgeTarget(int priority, int weight, String host, int port) {

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
