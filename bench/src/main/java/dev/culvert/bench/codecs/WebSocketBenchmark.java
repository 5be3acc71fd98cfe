package dev.culvert.bench.codecs;

import dev.culvert.protocols.websocket.FrameDecoder;
import dev.culvert.protocols.websocket.FrameEncoder;
import dev.culvert.protocols.websocket.FrameLimits;
import dev.culvert.protocols.websocket.FrameReceiver;
import dev.culvert.protocols.websocket.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// Frames of a keystroke, a packet and the longest message, in direct buffers as the transport has them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WebSocketBenchmark {
    private static final int KEY = 0x1f2e3d4c;

    @Param({"1", "1400", "16384"})
    public int bytes;

    private final FrameEncoder client = FrameEncoder.client(() -> KEY);
    private final FrameEncoder server = FrameEncoder.server();
    private final Count count = new Count();
    private ByteBuffer payload = ByteBuffer.allocateDirect(0);
    private ByteBuffer target = payload;
    private ByteBuffer masked = payload;
    private ByteBuffer plain = payload;

    @Setup
    public void frames() {
        payload = ByteBuffer.allocateDirect(bytes);
        target = ByteBuffer.allocateDirect(bytes + FrameEncoder.MAX_HEADER);
        masked = frame(client);
        plain = frame(server);
    }

    private ByteBuffer frame(FrameEncoder encoder) {
        ByteBuffer frame = ByteBuffer.allocateDirect(bytes + FrameEncoder.MAX_HEADER);
        encoder.binary(payload.duplicate(), frame);
        return frame.flip();
    }

    @Benchmark
    public ByteBuffer encodeAsClient() {
        client.binary(payload.clear(), target.clear());
        return target;
    }

    @Benchmark
    public ByteBuffer encodeAsServer() {
        server.binary(payload.clear(), target.clear());
        return target;
    }

    @Benchmark
    public ByteBuffer mask() {
        client.mask(payload.clear(), KEY, 0);
        return payload;
    }

    /// Unmasks in place, so every second run decodes the other bytes.
    @Benchmark
    public long decodeAsServer() throws IOException {
        new FrameDecoder(Role.SERVER, FrameLimits.NONE).decode(masked.rewind(), count);
        return count.bytes;
    }

    @Benchmark
    public long decodeAsClient() throws IOException {
        new FrameDecoder(Role.CLIENT, FrameLimits.NONE).decode(plain.rewind(), count);
        return count.bytes;
    }

    private static final class Count implements FrameReceiver {
        private long bytes;

        @Override
        public void data(ByteBuffer chunk, boolean first, boolean last) {
            bytes += chunk.remaining();
        }

        @Override
        public void text(ByteBuffer chunk, boolean first, boolean last) {
            bytes += chunk.remaining();
        }

        @Override
        public void ping(ByteBuffer ping) {}

        @Override
        public void pong(ByteBuffer pong) {}

        @Override
        public void close(int code, String reason) {}
    }
}
