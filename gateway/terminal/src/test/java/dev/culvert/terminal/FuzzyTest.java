package dev.culvert.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FuzzyTest {
    private static List<String> found(String letters, String... all) {
        return Fuzzy.rank(letters, List.of(all), text -> text);
    }

    @Test
    void findsLettersInOrderWhateverIsBetween() {
        assertThat(found("dbp", "wiki", "db-production", "pdb")).containsExactly("db-production");
        assertThat(found("WIKI", "the wiki")).containsExactly("the wiki");
        assertThat(found("xyz", "wiki")).isEmpty();
    }

    @Test
    void lettersThatBeginWordsCountMore() {
        assertThat(found("dbp", "feedback-page", "db-production")).startsWith("db-production");
    }

    @Test
    void ofEqualsTheShorterIsMeant() {
        assertThat(found("ssh", "ssh-backup", "ssh")).containsExactly("ssh", "ssh-backup");
    }

    @Test
    void noLettersFindAllInTheirOrder() {
        assertThat(found("", "b", "a")).containsExactly("b", "a");
    }

    /// The table of scores agrees with a search that tries everything.
    @Test
    void findsWhateverIsASubsequence() {
        Random random = new Random(4);
        for (int i = 0; i < 5000; i++) {
            String text = letters(random, random.nextInt(12));
            String wanted = letters(random, 1 + random.nextInt(4));
            assertThat(Fuzzy.score(wanted, text) >= 0)
                    .as(wanted + " in " + text)
                    .isEqualTo(isSubsequence(wanted, text));
        }
    }

    private static String letters(Random random, int count) {
        return random.ints(count, 0, 4)
                .mapToObj(i -> "abc-".substring(i, i + 1))
                .reduce("", String::concat);
    }

    private static boolean isSubsequence(String wanted, String text) {
        int next = 0;
        for (int i = 0; i < text.length() && next < wanted.length(); i++) {
            next += text.charAt(i) == wanted.charAt(next) ? 1 : 0;
        }
        return next == wanted.length();
    }
}
