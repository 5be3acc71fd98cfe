package dev.culvert.connector.dial;

import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where to look for edges and how to get there. Immutable.
///
/// @param edges named one by one; each copy counts
/// @param service name of the SRV records to ask when `edges` is empty, or null
/// @param bind source address of the connections, or null for the system's choice
/// @param proxy to pass through, or null
public record EdgeSearch(
        List<EdgeTarget> edges,
        @Nullable String service,
        IpVersion ipVersion,
        @Nullable InetAddress bind,
        @Nullable EdgeProxy proxy) {
    private static final String SERVICE = "v2-origintunneld._tcp.";

    /// The name cloudflared asks for, in a domain of one's own.
    ///
    /// @param region of edges, or null for all
    public static String service(String domain, @Nullable String region) {
        return region == null ? "_" + SERVICE + domain : "_" + region + "-" + SERVICE + domain;
    }

    boolean isProxied(String host, int port) {
        return proxy != null && proxy.isFor(host, port);
    }

    /// For the log.
    @Override
    public String toString() {
        return service == null ? edges.toString() : service;
    }
}
