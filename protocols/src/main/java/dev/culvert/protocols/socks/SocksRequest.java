package dev.culvert.protocols.socks;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// A CONNECT request (RFC 1928, section 4). Immutable.
///
/// | byte | 0 | 1 | 2 | 3 | 4… | last two |
/// | --- | --- | --- | --- | --- | --- | --- |
/// | | 5 | 1 (CONNECT) | 0 | 1 IPv4, 3 name, 4 IPv6 | 4 bytes, length and name, or 16 bytes | port |
///
/// @param host a name as sent, or an address as text without brackets; an IPv4 address written as an
///     IPv6 one (`::ffff:a.b.c.d`) is the IPv4 address
/// @param port 1 to 65535
public record SocksRequest(String host, int port) {
    static final int CONNECT = 1;
    static final int IPV4 = 1;
    static final int NAME = 3;
    static final int IPV6 = 4;
    static final int MAX_NAME = 255;

    static String literal(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("not 4 or 16 bytes: " + address.length, e);
        }
    }

    /// Letters, digits and the marks of names and of literal addresses.
    static boolean isName(String host) {
        return !host.isEmpty()
                && host.length() <= MAX_NAME
                && host.chars()
                        .allMatch(c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= 'A' && c <= 'Z')
                                        || (c >= '0' && c <= '9')
                                        || "-_.:".indexOf(c) >= 0);
    }

    /// The request that names the host as text.
    public byte[] encode() {
        byte[] name = host.getBytes(StandardCharsets.US_ASCII);
        if (!isName(host) || port < 1 || port > 65535) {
            throw new IllegalArgumentException("not a destination: " + this);
        }
        return ByteBuffer.allocate(7 + name.length)
                .put(SocksServer.VERSION)
                .put((byte) CONNECT)
                .put((byte) 0)
                .put((byte) NAME)
                .put((byte) name.length)
                .put(name)
                .putShort((short) port)
                .array();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
