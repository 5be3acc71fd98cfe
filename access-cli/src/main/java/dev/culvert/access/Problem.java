package dev.culvert.access;

import java.io.IOException;

/// A failure as a person sees it: what, what to do, and the exit code.
public final class Problem extends IOException {
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int LOGIN_NEEDED = 3;
    public static final int DENIED = 4;

    private final int exitCode;
    private final String hint;
    private final boolean passing;

    public Problem(int exitCode, String what, String hint) {
        this(exitCode, what, hint, false);
    }

    private Problem(int exitCode, String what, String hint, boolean passing) {
        super(what);
        this.exitCode = exitCode;
        this.hint = hint;
        this.passing = passing;
    }

    public static Problem usage(String what, String hint) {
        return new Problem(USAGE, what, hint);
    }

    public static Problem failed(String what, String hint) {
        return new Problem(FAILED, what, hint);
    }

    /// A failure that may be gone at the next try: the edge or the tunnel is away.
    static Problem passing(String what, String hint) {
        return new Problem(FAILED, what, hint, true);
    }

    public int exitCode() {
        return exitCode;
    }

    /// Whether the next try may succeed without anybody's doing.
    public boolean passing() {
        return passing;
    }

    /// What happened, fit for a terminal.
    public String what() {
        return printable(String.valueOf(getMessage()));
    }

    /// What to do about it, fit for a terminal.
    public String hint() {
        return printable(hint);
    }

    /// Two lines for stderr. What the server said is in them, so that nothing a terminal would act
    /// upon may pass.
    String lines() {
        return "access: error: "
                + what()
                + System.lineSeparator()
                + "access: hint: "
                + hint()
                + System.lineSeparator();
    }

    /// At most 600 characters, control characters (C0, C1) and text direction marks replaced.
    public static String printable(String text) {
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
