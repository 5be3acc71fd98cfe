package dev.culvert.plugin.edge;

import java.io.IOException;

/// Something the edge does not do, or a service that could not be reached: with words for people.
public final class RefusedException extends IOException {
    private static final long serialVersionUID = 1L;

    private final String code;
    private final String next;

    /// @param code stable, lower case, such as `tunnel_down`, `origin_refused`, `denied`, `unrecorded`; those of
    ///     `docs/errors.md`
    /// @param message one sentence: what
    /// @param next one sentence: what to do
    public RefusedException(String code, String message, String next) {
        super(message);
        this.code = code;
        this.next = next;
    }

    public String code() {
        return code;
    }

    /// What to do about it.
    public String next() {
        return next;
    }

    /// The sentence about what happened.
    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}
