package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/// The streams of one direction, by index. Written by one thread, read by any.
final class Streams {
    /// Those guacd has of a user's are even, those of a connection odd: 64 each.
    static final int OF_GUACD = 128;

    /// guacd takes 64 of a user's; the last one is the edge's own.
    static final int OF_BROWSER = 63;

    private final AtomicReferenceArray<StreamKind> kinds;

    Streams(int count) {
        StreamKind[] none = new StreamKind[count];
        java.util.Arrays.fill(none, StreamKind.NONE);
        kinds = new AtomicReferenceArray<>(none);
    }

    void open(int index, StreamKind kind) throws ProtocolException {
        kinds.set(require(index), kind);
    }

    StreamKind kind(int index) throws ProtocolException {
        return kinds.get(require(index));
    }

    /// @return what it was
    StreamKind end(int index) throws ProtocolException {
        return kinds.getAndSet(require(index), StreamKind.NONE);
    }

    private int require(int index) throws ProtocolException {
        if (index < 0 || index >= kinds.length()) {
            throw ProtocolException.of("stream", index, "0 to " + (kinds.length() - 1));
        }
        return index;
    }
}
