package dev.culvert.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/// Finds what somebody meant by some of its letters: all of them, in order, whatever is between. Letters that
/// begin a word or follow each other count more, so that `dbp` finds `db-production` before `feedback-page`.
///
/// Immutable.
public final class Fuzzy {
    /// Longer texts are looked at up to here: the time is the product of both lengths.
    private static final int LONGEST = 200;

    private static final int NONE = -1;
    private static final int LETTER = 1;
    private static final int WORD_BEGIN = 6;
    private static final int CONSECUTIVE = 4;
    private static final int FIRST = 3;

    private Fuzzy() {}

    /// How well letters are found in a text; below 0: not all of them are. 0 for no letters.
    public static int score(String letters, String text) {
        String wanted = shortened(letters.replace(" ", ""));
        String found = shortened(text);
        if (wanted.isEmpty()) {
            return 0;
        }
        int[] before = new int[found.length()];
        for (int i = 0; i < wanted.length(); i++) {
            before = next(wanted.charAt(i), found, before, i == 0);
        }
        int best = NONE;
        for (int score : before) {
            best = Math.max(best, score);
        }
        return best;
    }

    /// The best score of a letter at each place, given those of the letter before it.
    private static int[] next(char letter, String text, int[] before, boolean first) {
        int[] scores = new int[text.length()];
        int best = first ? 0 : NONE;
        for (int at = 0; at < text.length(); at++) {
            scores[at] = NONE;
            if (text.charAt(at) == letter && best != NONE) {
                scores[at] = best + LETTER + bonus(text, at);
            }
            boolean follows = !first && at > 0 && before[at - 1] != NONE;
            if (text.charAt(at) == letter && follows) {
                scores[at] = Math.max(scores[at], before[at - 1] + LETTER + CONSECUTIVE);
            }
            best = first ? 0 : Math.max(best, before[at]);
        }
        return scores;
    }

    private static int bonus(String text, int at) {
        if (at == 0) {
            return WORD_BEGIN + FIRST;
        }
        boolean begins =
                Character.isLetterOrDigit(text.charAt(at))
                        && !Character.isLetterOrDigit(text.charAt(at - 1));
        return begins ? WORD_BEGIN : 0;
    }

    private static String shortened(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.length() > LONGEST ? lower.substring(0, LONGEST) : lower;
    }

    /// Those in which the letters are found, best first; among equals the shorter text, then the order given.
    public static <T> List<T> rank(String letters, List<T> all, Function<T, String> text) {
        record Scored<T>(T what, int score, int length) {}
        List<Scored<T>> found = new ArrayList<>();
        for (T each : all) {
            String words = text.apply(each);
            int score = score(letters, words);
            if (score >= 0) {
                found.add(new Scored<>(each, score, words.length()));
            }
        }
        if (!letters.isBlank()) {
            found.sort(
                    Comparator.<Scored<T>>comparingInt(each -> -each.score)
                            .thenComparingInt(Scored::length));
        }
        return found.stream().map(Scored::what).toList();
    }
}
