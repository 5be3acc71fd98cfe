package dev.culvert.bench.cases;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Reads what guacd draws, without drawing it. A frame is what is drawn up to a `sync`; a `sync` after nothing is none.
/// Confined to one thread.
final class GuacdScreen {
    private static final Set<String> DRAWING = Set.of("img", "png", "jpeg", "copy", "cfill");
    private static final int MAX_WORDS = 128;
    private static final int MAX_DIGITS = 6;

    private long frames;
    private boolean drawn;

    long frames() {
        return frames;
    }

    /// @param instructions whole ones
    /// @return what has to be answered
    /// @throws IOException also when guacd has ended the session, with its reason
    List<String> hear(String instructions) throws IOException {
        List<String> answers = new ArrayList<>();
        Cut cut = new Cut(instructions);
        while (cut.hasMore()) {
            List<String> words = cut.next();
            String opcode = words.getFirst();
            if (DRAWING.contains(opcode)) {
                drawn = true;
            } else if (opcode.equals("sync") && words.size() > 1) {
                frames += drawn ? 1 : 0;
                drawn = false;
                answers.add(instruction("sync", words.get(1)));
            } else if (opcode.equals("error") || opcode.equals("disconnect")) {
                throw new IOException("guacd ended the session: " + words);
            }
        }
        return answers;
    }

    static String instruction(String... words) {
        List<String> counted = new ArrayList<>();
        for (String word : words) {
            counted.add(word.codePointCount(0, word.length()) + "." + word);
        }
        return String.join(",", counted) + ";";
    }

    /// Instructions, cut into their words: each its length in code points, a dot, and the word.
    private static final class Cut {
        private final String text;
        private int at;

        Cut(String text) {
            this.text = text;
        }

        boolean hasMore() {
            return at < text.length();
        }

        List<String> next() throws IOException {
            List<String> words = new ArrayList<>();
            while (words.size() < MAX_WORDS) {
                words.add(word());
                char after = at < text.length() ? text.charAt(at++) : 0;
                if (after == ';') {
                    return words;
                }
                if (after != ',') {
                    throw nonsense();
                }
            }
            throw nonsense();
        }

        private String word() throws IOException {
            int dot = text.indexOf('.', at);
            if (dot <= at || dot - at > MAX_DIGITS) {
                throw nonsense();
            }
            try {
                int end =
                        text.offsetByCodePoints(
                                dot + 1, Integer.parseUnsignedInt(text, at, dot, 10));
                at = end;
                return text.substring(dot + 1, end);
            } catch (IndexOutOfBoundsException | NumberFormatException e) {
                throw nonsense();
            }
        }

        private IOException nonsense() {
            int from = Math.min(at, text.length());
            return new IOException(
                    "instruction: '"
                            + text.substring(from, Math.min(text.length(), from + 40))
                            + "' at "
                            + from
                            + " of "
                            + text.length()
                            + " (expected: LENGTH.WORD,…;)");
        }
    }
}
