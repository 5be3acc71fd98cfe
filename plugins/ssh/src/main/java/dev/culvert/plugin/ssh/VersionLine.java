package dev.culvert.plugin.ssh;

import dev.culvert.plugin.FirstBytes.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// The identification string: `SSH-protoversion-softwareversion [comments] CR LF`, printable US-ASCII,
/// at most 255 bytes with CR LF. `1.99` is a server that also speaks version 1. A bare LF is accepted,
/// as OpenSSH does. Pure.
///
/// Source: RFC 4253, sections 4.2 and 5.1.
final class VersionLine {
    static final int MAX_LENGTH = 255;

    private VersionLine() {}

    /// @param seen not changed
    /// @param from where a line starts that begins with `SSH-`
    /// @param end no more will come
    /// @param who `client` or `origin`, for the reason
    static Verdict read(ByteBuffer seen, int from, boolean end, String who) {
        int limit = Math.min(seen.limit(), from + MAX_LENGTH);
        for (int i = from; i < limit; i++) {
            byte b = seen.get(i);
            if (b == '\n') {
                return decide(line(seen, from, i), who);
            }
            boolean finalCr = b == '\r' && (i + 1 == limit || seen.get(i + 1) == '\n');
            if ((b < 0x20 || b > 0x7e) && !finalCr) {
                return new Verdict.Refuse("the " + who + "'s SSH version is not printable text");
            }
        }
        if (limit - from == MAX_LENGTH) {
            return new Verdict.Refuse(
                    "the " + who + "'s SSH version is longer than " + MAX_LENGTH + " bytes");
        }
        return end
                ? new Verdict.Refuse("the " + who + " closed in the middle of its SSH version")
                : Verdict.MORE;
    }

    /// The bytes from `from` to `to` without a final CR.
    static String line(ByteBuffer seen, int from, int to) {
        int length = to - from;
        if (length > 0 && seen.get(to - 1) == '\r') {
            length--;
        }
        byte[] line = new byte[length];
        seen.get(from, line);
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static Verdict decide(String line, String who) {
        if (line.startsWith("SSH-2.0-") || line.startsWith("SSH-1.99-")) {
            return new Verdict.Accept(line);
        }
        int dash = line.indexOf('-', 4);
        String version = line.substring(4, dash < 0 ? line.length() : dash);
        return new Verdict.Refuse(
                "the "
                        + who
                        + " speaks SSH version "
                        + (version.length() > 10 ? version.substring(0, 10) : version)
                        + ", this service speaks 2.0");
    }
}
