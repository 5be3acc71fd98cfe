package dev.culvert.transport;

import dev.culvert.protocols.stream.StreamRequest;
import io.netty.channel.EventLoop;

/// Something streams can be opened to: a tunnel's connections (at the edge), an origin (at the
/// connector), a handler in this process.
@FunctionalInterface
public interface StreamTarget {
    /// Opens a stream. Calls to `caller` and to the peer returned are all made on `loop`, and this
    /// method too is called there; a target that lives on another loop crosses by itself. `caller` is
    /// never called before this method has returned.
    ///
    /// A target that cannot take the stream answers with `caller.response` or `caller.reset`.
    ///
    /// @return the side to which the caller hands its body, its credit and its reset
    StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop);
}
