package dev.culvert.protocols.socks;

/// The server's answer to a request (RFC 1928, section 6), in the order of its codes.
///
/// | byte | 0 | 1 | 2 | 3 | 4-7 | 8-9 |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | | 5 | code | 0 | 1 (IPv4) | bound address | bound port |
///
/// The bound address is always 0.0.0.0:0: what the connector uses inside its network is nobody's
/// business, and no client needs it for CONNECT.
public enum SocksReply {
    SUCCEEDED,
    GENERAL_FAILURE,
    NOT_ALLOWED,
    NETWORK_UNREACHABLE,
    HOST_UNREACHABLE,
    CONNECTION_REFUSED,
    TTL_EXPIRED,
    COMMAND_NOT_SUPPORTED,
    ADDRESS_TYPE_NOT_SUPPORTED;

    public byte[] encode() {
        return new byte[] {SocksServer.VERSION, (byte) ordinal(), 0, 1, 0, 0, 0, 0, 0, 0};
    }
}
