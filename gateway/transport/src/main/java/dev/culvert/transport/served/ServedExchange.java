package dev.culvert.transport.served;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// One exchange between an event loop and the virtual thread that serves it.
///
/// Thread-safe: the [StreamPeer] half is called on the loop, the [HttpExchange] half blocks and is for
/// virtual threads only.
final class ServedExchange extends BlockingSide implements HttpExchange {
    private final StreamRequest request;
    private final StreamPeer caller;
    private volatile boolean responded;

    /// The client waits to be told that its body is read (RFC 9110, section 10.1.1).
    private boolean expecting;

    ServedExchange(StreamRequest request, StreamPeer caller, EventLoop loop) {
        super(loop, request.endOfBody());
        this.request = request;
        this.caller = caller;
        this.expecting = request.headers().hasToken("expect", "100-continue");
    }

    @Override
    StreamPeer other() {
        return caller;
    }

    /// An answer that is complete ends the exchange.
    @Override
    boolean endsBoth() {
        return true;
    }

    @Override
    void beforeWaiting() {
        if (expecting) {
            expecting = false;
            if (!responded) {
                onLoop(() -> caller.informational(StreamResponse.of(100, new HeaderList(0))));
            }
        }
    }

    // ---- on the loop

    @Override
    public void response(StreamResponse response, boolean end) {
        throw new IllegalStateException("a handler opens no streams");
    }

    // ---- on the virtual thread

    @Override
    public String method() {
        return request.method();
    }

    @Override
    public String path() {
        return request.path();
    }

    @Override
    public String authority() {
        return request.authority();
    }

    @Override
    public HeaderList requestHeaders() {
        return request.headers();
    }

    @Override
    public boolean isWebSocket() {
        return request.kind() == StreamKind.WEBSOCKET;
    }

    @Override
    public InputStream body() {
        return input;
    }

    boolean responded() {
        return responded;
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) throws IOException {
        if (responded) {
            throw new IllegalStateException("responded twice");
        }
        responded = true;
        checkAlive();
        onLoop(() -> caller.response(StreamResponse.of(status, headers), false));
        return output;
    }

    /// The handler failed after its answer had begun; nothing when the answer was complete.
    void fail() {
        if (isEnded()) {
            return;
        }
        StreamFault cause = StreamFault.internal("the handler failed");
        if (fault() == null) {
            onLoop(() -> caller.reset(cause));
            reset(cause);
        }
    }

    /// Called once when the handler has returned.
    void finish() {
        boolean unread = discard();
        if (fault() != null) {
            return;
        }
        if (!responded) {
            onLoop(() -> caller.reset(StreamFault.internal("the handler gave no answer")));
            return;
        }
        end();
        if (unread) {
            onLoop(() -> caller.reset(StreamFault.notRead()));
        }
    }
}
