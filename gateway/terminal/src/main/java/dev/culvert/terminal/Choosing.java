package dev.culvert.terminal;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.CompletionMatcher;
import org.jline.reader.LineReader;
import org.jspecify.annotations.Nullable;

/// Which of the choices fit what was typed: those that begin with it; if none does, those in which its letters are
/// found ([Fuzzy]), in the value before the description.
///
/// Confined to the console's thread.
final class Choosing implements CompletionMatcher {
    private String word = "";
    private List<Candidate> fitting = List.of();

    @Override
    public void compile(
            Map<LineReader.Option, Boolean> options,
            boolean prefix,
            CompletingParsedLine line,
            boolean caseInsensitive,
            int errors,
            @Nullable String originalGroupName) {
        String all = line.word();
        word = prefix ? all.substring(0, Math.min(line.wordCursor(), all.length())) : all;
    }

    @Override
    public List<Candidate> matches(List<Candidate> candidates) {
        fitting = candidates.stream().filter(each -> begins(each.value())).toList();
        if (fitting.isEmpty()) {
            fitting = Fuzzy.rank(word, candidates, Candidate::value);
        }
        if (fitting.isEmpty()) {
            fitting = Fuzzy.rank(word, candidates, each -> String.valueOf(each.descr()));
        }
        return new ArrayList<>(fitting);
    }

    private boolean begins(String value) {
        return value.toLowerCase(Locale.ROOT).startsWith(word.toLowerCase(Locale.ROOT));
    }

    @Override
    public @Nullable Candidate exactMatch() {
        return fitting.stream().filter(each -> each.value().equals(word)).findFirst().orElse(null);
    }

    /// Never less than was typed: letters of a fuzzy search are no beginning of anything.
    @Override
    public String getCommonPrefix() {
        if (fitting.isEmpty() || !fitting.stream().allMatch(each -> begins(each.value()))) {
            return word;
        }
        String shortest =
                fitting.stream()
                        .map(Candidate::value)
                        .min(Comparator.comparingInt(String::length))
                        .orElse(word);
        int length = shortest.length();
        for (Candidate each : fitting) {
            while (!each.value().startsWith(shortest.substring(0, length))) {
                length--;
            }
        }
        return length < word.length() ? word : shortest.substring(0, length);
    }
}
