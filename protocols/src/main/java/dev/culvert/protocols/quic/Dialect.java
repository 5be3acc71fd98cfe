package dev.culvert.protocols.quic;

import org.jspecify.annotations.Nullable;

/// How the two ends of a QUIC connection speak, agreed by ALPN before the first stream.
///
/// | dialect | bodies | what it cannot carry |
/// | --- | --- | --- |
/// | [#ARGOTUNNEL] | raw, FIN ends them | trailers, interim answers, "not read", a connector's going away |
/// | [#CULVERT] | [BodyFrames], FIN when both directions have ended | |
///
/// Streams and heads are the same in both.
public enum Dialect {
    /// cloudflared's. Source: cloudflared, `connection/quic_connection.go`, `quic/quic_protocol.go`.
    ARGOTUNNEL("argotunnel"),
    /// Between our own programs; offered first.
    CULVERT("culvert-tunnel/1");

    private final String alpn;

    Dialect(String alpn) {
        this.alpn = alpn;
    }

    /// The protocol name in the TLS handshake.
    public String alpn() {
        return alpn;
    }

    /// What both ends offer or accept, in order of preference.
    public static String[] alpns() {
        return new String[] {CULVERT.alpn, ARGOTUNNEL.alpn};
    }

    /// @return null for a name that is neither
    public static @Nullable Dialect of(@Nullable String alpn) {
        for (Dialect dialect : values()) {
            if (dialect.alpn.equals(alpn)) {
                return dialect;
            }
        }
        return null;
    }
}
