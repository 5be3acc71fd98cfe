package dev.culvert.edge.adminarea;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.websocket.CloseCode;
import dev.culvert.protocols.websocket.FrameEncoder;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The WebSocket of an administrator who watches, which the edge ends: by a Close frame 1008 between two of the
/// watched session's, each of which is one write. When the browser takes nothing, without a frame.
///
/// Thread-safe, as far as the exchange is.
final class OverseenExchange implements HttpExchange {
    private static final long PATIENCE_MILLIS = 200;

    private final HttpExchange exchange;
    private final ReentrantLock writing = new ReentrantLock();
    private volatile @Nullable OutputStream accepted;
    private volatile boolean ended;

    OverseenExchange(HttpExchange exchange) {
        this.exchange = exchange;
    }

    /// Ends it. Nothing can be written after; whoever reads has to be told otherwise. Blocks as long as the browser
    /// does not read.
    ///
    /// @param reason at most 123 bytes
    void end(String reason) throws IOException, InterruptedException {
        ended = true;
        boolean mine = writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        OutputStream to = accepted;
        if (to == null) {
            return;
        }
        try (to) {
            if (mine) {
                ByteBuffer frame = ByteBuffer.allocate(FrameEncoder.MAX_CONTROL_FRAME);
                FrameEncoder.server().close(CloseCode.POLICY_VIOLATION, reason, frame);
                to.write(frame.array(), 0, frame.position());
            }
        } finally {
            if (mine) {
                writing.unlock();
            }
        }
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) throws IOException {
        if (ended) {
            throw new IOException("ended by the edge");
        }
        OutputStream to = exchange.respond(status, headers);
        if (status == 101) {
            accepted = to;
        }
        return new Frames(to);
    }

    private final class Frames extends FilterOutputStream {
        Frames(OutputStream to) {
            super(to);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            writing.lock();
            try {
                if (ended) {
                    throw new IOException("ended by the edge");
                }
                out.write(bytes, from, length);
            } finally {
                writing.unlock();
            }
        }
    }

    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String path() {
        return exchange.path();
    }

    @Override
    public String authority() {
        return exchange.authority();
    }

    @Override
    public HeaderList requestHeaders() {
        return exchange.requestHeaders();
    }

    @Override
    public InputStream body() {
        return exchange.body();
    }

    @Override
    public boolean isWebSocket() {
        return exchange.isWebSocket();
    }
}
