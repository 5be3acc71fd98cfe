package dev.culvert.plugin.ssh.edge.gateway;

import java.io.IOException;

/// A peer breaks the connection protocol, or a bound of ours: its session ends. The message is for people.
final class GatewayProtocolException extends IOException {
    private static final long serialVersionUID = 1L;

    GatewayProtocolException(String message) {
        super(message);
    }
}
