package dev.culvert.plugin.desktop.host;

import java.io.IOException;

/// The packet with which a host refused to go on: a client shows best why. Cause of the exception that says it in
/// words.
public final class HostRefusal extends IOException {
    private static final long serialVersionUID = 1L;

    private final byte[] packet;

    HostRefusal(byte[] packet) {
        super("the host refused");
        this.packet = packet.clone();
    }

    public byte[] packet() {
        return packet.clone();
    }
}
