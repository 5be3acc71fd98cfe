package dev.culvert.plugin.ssh;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.SpokenProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What an SSH client sends first: its version line at once (RFC 4253, section 4.2). Stateless.
final class ClientVersion implements FirstBytes {
    private static final byte[] PREFIX = {'S', 'S', 'H', '-'};

    @Override
    public int maxBytes() {
        return VersionLine.MAX_LENGTH;
    }

    @Override
    public Duration within() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Verdict inspect(ByteBuffer seen, boolean end) {
        int start = seen.position();
        int have = Math.min(PREFIX.length, seen.remaining());
        if (!startsAsVersion(seen, start, have)) {
            // A few bytes more, to tell the user what it was.
            return seen.remaining() < SpokenProtocol.ENOUGH && !end
                    ? Verdict.MORE
                    : new Verdict.Refuse(
                            "the client sent "
                                    + SpokenProtocol.of(seen).words()
                                    + ", this service speaks SSH");
        }
        if (have < PREFIX.length) {
            return end
                    ? new Verdict.Refuse("the client closed before it sent its SSH version")
                    : Verdict.MORE;
        }
        return VersionLine.read(seen, start, end, "client");
    }

    /// Whether the first `count` bytes at `from` are those of `SSH-`.
    static boolean startsAsVersion(ByteBuffer seen, int from, int count) {
        for (int i = 0; i < count; i++) {
            if (seen.get(from + i) != PREFIX[i]) {
                return false;
            }
        }
        return true;
    }
}
