package dev.culvert.terminal;

/// A command that could not do what it was asked for: what, and what to do about it.
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final String hint;

    public CommandFailure(String what, String hint) {
        super(what);
        this.hint = hint;
    }

    public String hint() {
        return hint;
    }
}
