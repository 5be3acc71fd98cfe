package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.io.OutputStream;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;

/// One encrypted packet on its way out, and the future of its writing. SSHD gives its buffer away with the
/// packet, so nothing is copied.
final class OutgoingPacket extends AbstractIoWriteFuture {
    private static final int OVERHEAD = 128;

    private final Buffer bytes;
    private final int length;

    OutgoingPacket(Object id, Buffer bytes) {
        super(id, null);
        this.bytes = bytes;
        this.length = bytes.available();
    }

    /// Bytes of memory, about: small packets are mostly what is around them.
    int cost() {
        return bytes.array().length + OVERHEAD;
    }

    void writeTo(OutputStream output) throws IOException {
        output.write(bytes.array(), bytes.rpos(), length);
        output.flush();
    }

    void written() {
        setValue(Boolean.TRUE);
    }

    void failed(Throwable cause) {
        setValue(cause);
    }
}
