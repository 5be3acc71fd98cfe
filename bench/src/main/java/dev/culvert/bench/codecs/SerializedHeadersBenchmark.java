package dev.culvert.bench.codecs;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.SerializedHeaders;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// The header fields of a usual response, as HTTP/2 carries them.
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SerializedHeadersBenchmark {
    private final HeaderList headers =
            HeaderList.of(
                    "Server", "nginx/1.22.1",
                    "Date", "Wed, 25 Nov 2026 10:00:00 GMT",
                    "Content-Type", "text/html; charset=utf-8",
                    "Last-Modified", "Tue, 24 Nov 2026 09:00:00 GMT",
                    "ETag", "\"65f2c1a0-64\"",
                    "Cache-Control", "max-age=3600, public",
                    "Set-Cookie", "session=0123456789abcdef0123456789abcdef; Path=/; HttpOnly",
                    "Vary", "Accept-Encoding");
    private final String serialized = SerializedHeaders.encode(headers);

    @Benchmark
    public String encode() {
        return SerializedHeaders.encode(headers);
    }

    @Benchmark
    public HeaderList decode() throws ProtocolException {
        return SerializedHeaders.decode(serialized);
    }
}
