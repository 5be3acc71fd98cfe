package dev.culvert.access;

import java.io.IOException;

/// A failure as a person sees it: what, what to do, and the exit code.
final class Problem extends IOException {
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int LOGIN_NEEDED = 3;
    static final int DENIED = 4;

    private final int exitCode;
    private final String hint;

    Problem(int exitCode, String what, String hint) {
        super(what);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    static Problem usage(String what, String hint) {
        return new Problem(USAGE, what, hint);
    }

    static Problem failed(String what, String hint) {
        return new Problem(FAILED, what, hint);
    }

    int exitCode() {
        return exitCode;
    }

    /// Two lines for stderr. What the server said is in them, so that nothing a terminal would act
    /// upon may pass.
    String lines() {
        return "access: error: "
                + printable(String.valueOf(getMessage()))
                + System.lineSeparator()
                + "access: hint: "
                + printable(hint)
                + System.lineSeparator();
    }

    /// At most 600 characters, control characters (C0, C1) and text direction marks replaced.
    static String printable(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < Math.min(text.length(), 600); i++) {
            char c = text.charAt(i);
            boolean bad =
                    Character.isISOControl(c)
                            || Character.getType(c) == Character.FORMAT
                            || c == '\u2028'
                            || c == '\u2029';
            shown.append(bad ? '?' : c);
        }
        return shown.toString();
    }
}
