package dev.culvert.protocols.stream;

/// The stream by which an edge asks whether streams pass through a connection at all, through the same
/// code as a user's: an open HTTP/2 connection that answers PINGs may still carry nothing.
///
/// A connector that announces [#FEATURE] answers a request for [#HOST] with 200 and the bytes of its
/// body, at most [#MAX_BYTES]. No ingress rule sees the request, and an edge forwards none with that
/// host from outside. Ours alone: cloudflared announces nothing of the kind and is asked nothing.
///
/// Stateless.
public final class LivenessProbe {
    /// In a connector's `ClientInfo.features`.
    public static final String FEATURE = "culvert_probes";

    /// Reserved; `.invalid` is no one's (RFC 6761).
    public static final String HOST = "liveness.culvert.invalid";

    public static final int MAX_BYTES = 64;

    private LivenessProbe() {}

    /// The request, a short body follows.
    public static StreamRequest request() {
        return new StreamRequest(StreamKind.HTTP, "POST", HOST, "/", new HeaderList(0), false);
    }

    public static boolean is(StreamRequest request) {
        return request.authority().equals(HOST);
    }
}
