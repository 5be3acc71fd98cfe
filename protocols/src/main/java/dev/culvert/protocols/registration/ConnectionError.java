package dev.culvert.protocols.registration;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.capnp.Fields;
import dev.culvert.protocols.capnp.StructBuilder;
import dev.culvert.protocols.capnp.Value.Struct;
import java.time.Duration;

/// The edge refused a connection.
///
/// @param cause cloudflared keeps trying when it contains `Unauthorized`, and goes to another address
///     when it is exactly `EDUPCONN`
/// @param retryAfter zero or more, below 292 years; cloudflared ignores it
public record ConnectionError(String cause, Duration retryAfter, boolean shouldRetry)
        implements ConnectionResponse {

    private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

    public ConnectionError {
        if (retryAfter.isNegative() || retryAfter.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "retryAfter: " + retryAfter + " (expected: zero to " + LONGEST + ")");
        }
    }

    static ConnectionError decode(Fields fields) throws ProtocolException {
        long nanos = fields.i64(0);
        if (nanos < 0) {
            throw ProtocolException.of("retryAfter", nanos + " ns", "zero or more");
        }
        return new ConnectionError(
                fields.text(0, Schema.MAX_CAUSE), Duration.ofNanos(nanos), fields.bit(64));
    }

    Struct encode() {
        return new StructBuilder(2, 1)
                .i64(0, retryAfter.toNanos())
                .bit(64, shouldRetry)
                .text(0, cause)
                .build();
    }
}
