package dev.culvert.edge.certificates;

import java.util.List;

/// Certificate files that cannot be used: every problem as one line, `file: problem (expected: …)`.
public final class BadCertificateException extends Exception {
    private final List<String> problems;

    BadCertificateException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    public List<String> problems() {
        return problems;
    }
}
