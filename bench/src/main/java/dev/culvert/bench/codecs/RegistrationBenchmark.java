package dev.culvert.bench.codecs;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.MessageFramer;
import dev.culvert.protocols.capnp.MessageLimits;
import dev.culvert.protocols.capnp.MessageWriter;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Cap'n Proto messages of the size and shape of a registration. QUIC's ConnectRequest and ConnectResponse, one of each a
/// stream, belong beside it.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RegistrationBenchmark {
    private final Struct message =
            new StructBuilder(1, 3)
                    .i32(0, 7)
                    .pointer(
                            0,
                            new StructBuilder(0, 2)
                                    .text(0, "0123456789abcdef0123456789abcdef")
                                    .data(1, new byte[32])
                                    .build())
                    .data(1, new byte[16])
                    .pointer(
                            2,
                            new StructBuilder(0, 4)
                                    .data(0, new byte[16])
                                    .texts(
                                            1,
                                            List.of(
                                                    "serialized_headers",
                                                    "support_datagram_v2",
                                                    "allow_remote_config"))
                                    .text(2, "2026.8.2")
                                    .text(3, "linux_amd64")
                                    .build())
                    .build();
    private final byte[] encoded = MessageWriter.encode(message);

    @Benchmark
    public byte[] encode() {
        return MessageWriter.encode(message);
    }

    @Benchmark
    public @Nullable Struct decode() throws ProtocolException {
        return new MessageFramer(MessageLimits.REGISTRATION).next(ByteBuffer.wrap(encoded));
    }
}
