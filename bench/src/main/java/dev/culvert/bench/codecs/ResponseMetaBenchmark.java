package dev.culvert.bench.codecs;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.OriginFailure;
import dev.culvert.protocols.stream.ResponseMeta;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// Who made a response: of the origin, as nearly all are, and of the connector with a reason.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseMetaBenchmark {
    private final ResponseMeta failure =
            new ResponseMeta(
                    new OriginFailure(OriginFailure.Code.UNREACHABLE, "connection refused"));
    private final String failureJson = failure.encode();
    private String originJson = ResponseMeta.ORIGIN.encode();

    @Benchmark
    public ResponseMeta parseOrigin() throws ProtocolException {
        return ResponseMeta.parse(originJson);
    }

    @Benchmark
    public ResponseMeta parseFailure() throws ProtocolException {
        return ResponseMeta.parse(failureJson);
    }

    @Benchmark
    public String encodeFailure() {
        return failure.encode();
    }
}
