package dev.culvert.transport;

import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import io.netty.buffer.ByteBuf;

/// One side of a stream as the other side sees it. Two of them, facing each other, are a proxied
/// stream: a public request and a stream of a tunnel connection, or such a stream and an origin.
///
/// ### Order of calls
///
/// (`informational`)* `response`? (`data`)* (`data` with end | `trailers`)? per direction, and `reset` at any
/// moment. Only the side that was opened ([StreamTarget#open]) answers with `informational` and
/// `response`. After `data(…, true)` or
/// `trailers` that direction is over; after `reset` both are, and later calls are ignored (buffers
/// are still released).
///
/// ### Back-pressure
///
/// Whoever hands over bytes counts them until `credit` gives them back, and stops reading its own
/// source beyond its limit: 1 MiB for an HTTP/2 stream (its receive window), 256 KiB for a socket.
/// Credit is given when the bytes have been written to the socket on the far side, or thrown away: a
/// byte without credit would be missing from the [MemoryBudget] for ever. So a stream holds at most
/// that limit in memory for each direction.
///
/// ### Threads
///
/// Confined to one event loop, the one named when the stream was opened. Two loops meet in
/// [LoopCrossing] and nowhere else.
public interface StreamPeer {
    /// An interim answer (RFC 9110, section 15.2): status 100 or 102 to 199, any number before
    /// `response`. A side whose carrier has no such thing drops it.
    default void informational(StreamResponse interim) {}

    /// The head of the answer, at most once.
    ///
    /// @param end true when no body follows
    void response(StreamResponse response, boolean end);

    /// Body bytes, ownership included.
    ///
    /// @param end true when these are the last; the buffer may then be empty
    void data(ByteBuf bytes, boolean end);

    /// Trailer fields; they end this direction.
    void trailers(HeaderList trailers);

    /// Ends both directions at once. Idempotent.
    void reset(StreamFault fault);

    /// Bytes handed over earlier by `data` have been written or thrown away; possible after the end of
    /// both directions too.
    void credit(int bytes);
}
