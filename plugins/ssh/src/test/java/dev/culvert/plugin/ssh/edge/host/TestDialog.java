package dev.culvert.plugin.ssh.edge.host;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A user who trusts or not, and answers as told; what was asked is kept.
final class TestDialog implements HostDialog {
    final List<ShownKey> shown = new ArrayList<>();
    final List<Question> asked = new ArrayList<>();
    final List<String> banners = new ArrayList<>();
    private final boolean trusts;
    private final Function<Question, @Nullable List<String>> answers;

    TestDialog(boolean trusts, Function<Question, @Nullable List<String>> answers) {
        this.trusts = trusts;
        this.answers = answers;
    }

    static TestDialog trusting() {
        return new TestDialog(true, _ -> null);
    }

    static TestDialog answering(String answer) {
        return new TestDialog(true, _ -> List.of(answer));
    }

    @Override
    public boolean trust(ShownKey key) {
        shown.add(key);
        return trusts;
    }

    @Override
    public @Nullable List<String> ask(Question question) {
        asked.add(question);
        return answers.apply(question);
    }

    @Override
    public void banner(String text) {
        banners.add(text);
    }
}
