package dev.culvert.plugin.ssh;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.SpokenProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;

/// What an SSH server sends first: its version line, after any number of other lines, none of which
/// begins with `SSH-` (RFC 4253, section 4.2). sshd says so why it turns somebody away
/// (`Exceeded MaxStartups`), so the last such line goes into the reason. Stateless.
final class OriginVersion implements FirstBytes {
    static final int MAX_BYTES = 8192;
    private static final int PREFIX = 4;
    private static final int SHOWN = 60;

    @Override
    public int maxBytes() {
        return MAX_BYTES;
    }

    @Override
    public Duration within() {
        return Duration.ofSeconds(60);
    }

    @Override
    public Verdict inspect(ByteBuffer seen, boolean end) {
        SpokenProtocol spoken = SpokenProtocol.of(seen);
        if (spoken == SpokenProtocol.HTTP_RESPONSE
                || spoken == SpokenProtocol.TLS
                || spoken == SpokenProtocol.RDP) {
            return new Verdict.Refuse(
                    "the origin sent " + spoken.words() + ", expected an SSH server");
        }
        String last = "";
        int line = seen.position();
        for (int i = line; i < seen.limit(); i++) {
            if (seen.get(i) == '\n') {
                if (startsAsVersion(seen, line)) {
                    return VersionLine.read(seen, line, end, "origin");
                }
                last = VersionLine.line(seen, line, i);
                line = i + 1;
            }
        }
        if (startsAsVersion(seen, line)) {
            return VersionLine.read(seen, line, end, "origin");
        }
        if (end) {
            String said = line < seen.limit() ? VersionLine.line(seen, line, seen.limit()) : last;
            return new Verdict.Refuse(
                    "the origin closed without an SSH version"
                            + (said.isEmpty() ? "" : "; it said: " + printable(said)));
        }
        return seen.remaining() >= MAX_BYTES
                ? new Verdict.Refuse("the origin sent 8 KiB without an SSH version")
                : Verdict.MORE;
    }

    private static boolean startsAsVersion(ByteBuffer seen, int line) {
        return seen.limit() - line >= PREFIX && ClientVersion.startsAsVersion(seen, line, PREFIX);
    }

    private static String printable(String said) {
        String shown = said.length() > SHOWN ? said.substring(0, SHOWN) : said;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
