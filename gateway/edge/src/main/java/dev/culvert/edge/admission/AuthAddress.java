package dev.culvert.edge.admission;

import dev.culvert.edge.state.State;
import dev.culvert.protocols.stream.StreamRequest;
import java.util.List;
import java.util.function.IntSupplier;

/// Where the auth host is. Thread-safe.
///
/// @param host in lower case, without port
/// @param publicPort the port users come to
public record AuthAddress(String host, IntSupplier publicPort) {
    private static final int HTTPS = 443;

    /// Where a stock cloudflared asks for the tokens of a login, whatever the auth host is.
    public static final String CLOUDFLARED_TRANSFERS = "login.cloudflareaccess.org";

    /// Whether a request's host, without port, is this one, or that of its transfers.
    public boolean is(String requested) {
        String plain =
                requested.endsWith(".")
                        ? requested.substring(0, requested.length() - 1)
                        : requested;
        return plain.equalsIgnoreCase(host) || isForTransfers(plain);
    }

    /// Whether the host is [#CLOUDFLARED_TRANSFERS] and ours: for an auth host that a stock cloudflared takes.
    public boolean isForTransfers(String requested) {
        return takenByCloudflared() && requested.equalsIgnoreCase(CLOUDFLARED_TRANSFERS);
    }

    /// Whether cloudflared signs in at a host of this name.
    public boolean takenByCloudflared() {
        return host.endsWith(".cloudflareaccess.com");
    }

    /// All hosts that this edge answers for it.
    public List<String> hosts() {
        return takenByCloudflared() ? List.of(host, CLOUDFLARED_TRANSFERS) : List.of(host);
    }

    /// Keeps routes off these hosts, which would have no effect.
    public void reserve(State state) {
        state.reserve(host, "is the auth_host");
        if (takenByCloudflared()) {
            state.reserve(CLOUDFLARED_TRANSFERS, "is where cloudflared waits for its tokens");
        }
    }

    /// Host and, unless it is 443, port.
    public String authority() {
        int port = publicPort.getAsInt();
        return port == HTTPS ? host : host + ":" + port;
    }

    /// `https://` and the authority, as seen by whoever came to another host of the same listener: what is
    /// in front of the edge may give it another port.
    ///
    /// @param requested host and port of their request
    public String origin(String requested) {
        return "https://" + authority(requested);
    }

    /// As [#origin(String)], without the scheme.
    public String authority(String requested) {
        return host + requested.substring(StreamRequest.host(requested).length());
    }

    /// `https://` and the authority.
    public String origin() {
        return "https://" + authority();
    }
}
