package dev.culvert.recording;

import java.util.ArrayList;
import java.util.List;

/// Where instructions of Guacamole's protocol end: elements `<code points>.<text>` joined by `,`, the last one
/// followed by `;`. Stateless.
final class Instructions {
    /// Of one instruction. guacd's have at most 8192 characters.
    static final int LARGEST = 64 * 1024;

    private static final int MOST_DIGITS = 5;
    private static final int CONTINUATION_MASK = 0xc0;
    private static final int CONTINUATION = 0x80;

    private Instructions() {}

    /// Cuts into pieces of whole instructions, as large as they may be.
    ///
    /// @param most bytes of a piece, unless it is one instruction
    /// @return where each ends
    /// @throws IllegalArgumentException when these are no whole instructions, or one is larger than [#LARGEST]
    static List<Integer> pieces(byte[] utf8, int most) {
        List<Integer> ends = new ArrayList<>();
        int from = 0;
        int end = 0;
        while (end < utf8.length) {
            int next = end(utf8, end);
            if (next - end > LARGEST) {
                throw wrong("has " + (next - end) + " bytes (at most " + LARGEST + ")", end);
            }
            if (next - from > most && end > from) {
                ends.add(end);
                from = end;
            }
            end = next;
        }
        if (end > from) {
            ends.add(end);
        }
        return ends;
    }

    /// Of the instruction that begins there.
    private static int end(byte[] utf8, int start) {
        int at = start;
        while (true) {
            at = element(utf8, at, start);
            if (at == utf8.length) {
                throw wrong("has no end", start);
            }
            byte terminator = utf8[at++];
            if (terminator == ';') {
                return at;
            }
            if (terminator != ',') {
                throw wrong("is longer than it says", start);
            }
        }
    }

    /// @return the place behind it
    private static int element(byte[] utf8, int from, int start) {
        int at = from;
        int length = 0;
        while (at < utf8.length && utf8[at] >= '0' && utf8[at] <= '9') {
            length = 10 * length + utf8[at++] - '0';
            if (at - from > MOST_DIGITS) {
                throw wrong("says that it has more than 99999 characters", start);
            }
        }
        if (at == from || at == utf8.length || utf8[at] != '.') {
            throw wrong("does not say how long it is", start);
        }
        at++;
        for (int characters = 0; at < utf8.length; at++) {
            boolean begins = (utf8[at] & CONTINUATION_MASK) != CONTINUATION;
            if (begins && characters++ == length) {
                break;
            }
        }
        return at;
    }

    private static IllegalArgumentException wrong(String what, int start) {
        return new IllegalArgumentException(
                "the instruction at byte " + start + " of those to be recorded " + what);
    }
}
