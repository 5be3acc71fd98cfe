package dev.culvert.edge.admin;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

/// Socket addresses as people are shown them. Stateless.
public final class Addresses {
    private Addresses() {}

    /// `192.0.2.7:41000`, `[2001:db8::7]:41000`
    public static String shown(SocketAddress address) {
        if (!(address instanceof InetSocketAddress inet) || inet.getAddress() == null) {
            return address.toString();
        }
        String host = inet.getAddress().getHostAddress();
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + inet.getPort();
    }
}
