package dev.culvert.protocols.stream;

/// The head that opens a stream. `headers` holds end-to-end fields only: no pseudo headers, no
/// `connection`, `upgrade`, `host` or `transfer-encoding`; carriers add what they need.
///
/// Immutable by agreement: `headers` changes hands with the record and is not shared.
///
/// @param method HTTP method as sent, for example `GET`
/// @param authority host and optional port, lower case
/// @param path origin-form target, path and query exactly as received
/// @param endOfBody true when no body follows
public record StreamRequest(
        StreamKind kind,
        String method,
        String authority,
        String path,
        HeaderList headers,
        boolean endOfBody) {

    /// The authority without its port, for matching routes and ingress rules. An IPv6 literal keeps
    /// its brackets.
    public String host() {
        return host(authority);
    }

    /// As [#host()], of an authority alone.
    public static String host(String authority) {
        int bracket = authority.lastIndexOf(']');
        int colon = authority.lastIndexOf(':');
        return colon > bracket ? authority.substring(0, colon) : authority;
    }
}
