package dev.culvert.bench.codecs;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Value.Struct;
import dev.culvert.protocols.quic.ConnectRequest;
import dev.culvert.protocols.quic.ConnectResponse;
import dev.culvert.protocols.quic.QuicHeads;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.protocols.stream.StreamResponse;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The heads of a usual request and its answer, from fields to the bytes on a QUIC stream and back.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class QuicHeadsBenchmark {
    private final StreamRequest request =
            new StreamRequest(
                    StreamKind.HTTP,
                    "GET",
                    "app.example.com",
                    "/list?page=2",
                    HeaderList.of(
                            "User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0)",
                            "Accept", "text/html,application/xhtml+xml",
                            "Accept-Encoding", "gzip, deflate, br",
                            "Cookie", "session=0123456789abcdef0123456789abcdef",
                            "X-Forwarded-For", "192.0.2.7",
                            "X-Forwarded-Proto", "https"),
                    true);
    private final StreamResponse response =
            StreamResponse.of(
                    200,
                    HeaderList.of(
                            "Server", "nginx/1.22.1",
                            "Date", "Wed, 25 Nov 2026 10:00:00 GMT",
                            "Content-Type", "text/html; charset=utf-8",
                            "Content-Length", "100",
                            "ETag", "\"65f2c1a0-64\""));
    private final byte[] requestBytes = QuicHeads.encode(request).encode();
    private final byte[] responseBytes = QuicHeads.encode(request, response).encode();

    @Benchmark
    public byte[] encodeRequest() {
        return QuicHeads.encode(request).encode();
    }

    @Benchmark
    public StreamRequest decodeRequest() throws ProtocolException {
        Struct message =
                Objects.requireNonNull(ConnectRequest.framer().next(ByteBuffer.wrap(requestBytes)));
        return QuicHeads.decode(ConnectRequest.decode(message));
    }

    @Benchmark
    public byte[] encodeResponse() {
        return QuicHeads.encode(request, response).encode();
    }

    @Benchmark
    public StreamResponse decodeResponse() throws ProtocolException {
        Struct message =
                Objects.requireNonNull(
                        ConnectResponse.framer().next(ByteBuffer.wrap(responseBytes)));
        return QuicHeads.decode(request, ConnectResponse.decode(message));
    }
}
