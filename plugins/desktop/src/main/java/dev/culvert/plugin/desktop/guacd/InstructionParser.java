package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.jspecify.annotations.Nullable;

/// Reads instructions of Guacamole's protocol: elements `LENGTH.VALUE` joined by `,` and ended by `;`, where the length
/// counts Unicode code points.
///
/// In place of guacamole-common's own parsers: of 1.6.0, the one counts UTF-16 units and grows without bound, the other
/// lets lengths overflow. Immutable.
///
/// @param maxChars of an instruction, UTF-16 units
/// @param maxElements of an instruction, its opcode among them
record InstructionParser(int maxChars, int maxElements) {
    /// What guacd takes: 8192 characters, and as many elements as no instruction of a browser has.
    static final InstructionParser OF_BROWSER = new InstructionParser(8192, 64);

    /// Twice what guacd says today; RDP's `args` has about 80 elements.
    static final InstructionParser OF_GUACD = new InstructionParser(16384, 256);

    private static final int LENGTH_DIGITS = 5;

    /// The instruction at the buffer's position, which is moved behind it; null when the rest of it is still to come.
    ///
    /// @throws ProtocolException when it never will be one
    @Nullable GuacamoleInstruction parse(CharBuffer chars) throws ProtocolException {
        int begin = chars.position();
        List<String> elements = new ArrayList<>(8);
        int at = begin;
        while (true) {
            int dot = dot(chars, at);
            int end = dot < 0 ? -1 : end(chars, dot + 1, length(chars, at, dot));
            if (end < 0 || end == chars.limit()) {
                requireBelow("instruction", chars.limit() - begin, maxChars, "characters");
                return null;
            }
            elements.add(chars.subSequence(dot + 1 - begin, end - begin).toString());
            requireBelow("instruction", end - begin, maxChars, "characters");
            requireBelow("instruction", elements.size(), maxElements + 1, "elements");
            at = end + 1;
            char terminator = chars.get(end);
            if (terminator == ';') {
                chars.position(at);
                return new GuacamoleInstruction(
                        elements.getFirst(), elements.subList(1, elements.size()));
            }
            if (terminator != ',') {
                throw ProtocolException.of("element", "ended by " + quoted(terminator), "; or ,");
            }
        }
    }

    /// Where the length that begins there ends; -1 when that is still to come.
    private static int dot(CharBuffer chars, int begin) throws ProtocolException {
        for (int at = begin; at < chars.limit(); at++) {
            char c = chars.get(at);
            if (c == '.' && at > begin) {
                return at;
            }
            if (c < '0' || c > '9' || at - begin == LENGTH_DIGITS) {
                throw ProtocolException.of("length", quoted(c), "at most 5 digits and a point");
            }
        }
        return -1;
    }

    private int length(CharBuffer chars, int begin, int dot) throws ProtocolException {
        int length = 0;
        for (int at = begin; at < dot; at++) {
            length = length * 10 + chars.get(at) - '0';
        }
        requireBelow("element", length, maxChars, "characters");
        return length;
    }

    /// Behind so many code points; -1 when they are still to come.
    private static int end(CharBuffer chars, int begin, int codePoints) {
        int at = begin;
        for (int i = 0; i < codePoints; i++) {
            if (at >= chars.limit()) {
                return -1;
            }
            boolean isPair =
                    Character.isHighSurrogate(chars.get(at))
                            && at + 1 < chars.limit()
                            && Character.isLowSurrogate(chars.get(at + 1));
            at += isPair ? 2 : 1;
        }
        return at;
    }

    private static void requireBelow(String field, int value, int limit, String unit)
            throws ProtocolException {
        if (value >= limit) {
            throw ProtocolException.of(field, value + " " + unit, "less than " + limit);
        }
    }

    private static String quoted(char c) {
        return ProtocolException.quote(String.valueOf(c));
    }
}
