package dev.culvert.edge.state;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Why something asked of the state was not done: a code for programs, a sentence for people, and what
/// to do next. Never holds a secret. Immutable.
public final class StateException extends Exception {
    private static final int SHOWN = 80;

    /// Whose fault it is, and of what kind.
    public enum Code {
        /// The request is wrong in itself.
        INVALID(400),
        /// The request names something that is not there.
        NOT_FOUND(404),
        /// The request contradicts what is there.
        CONFLICT(409),
        /// A bound on how many there may be is reached.
        LIMIT(409),
        /// Another process owns the state directory.
        LOCKED(503),
        /// Others could read or change what must be private.
        PERMISSIONS(500),
        /// The key of the tunnel secrets is missing or another one.
        KEY(500),
        /// The owner of the state does not answer as expected.
        UNREACHABLE(502),
        /// Files or the database failed.
        STORAGE(500);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /// The HTTP status that says this.
        public int httpStatus() {
            return status;
        }

        /// Lower case, as in JSON.
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /// The code of a word of [#word()], or null.
        public static @Nullable Code ofWord(String word) {
            for (Code code : values()) {
                if (code.word().equals(word)) {
                    return code;
                }
            }
            return null;
        }
    }

    private final Code code;
    private final String next;

    /// @param message what is wrong: value and expectation
    /// @param next what to do about it, one line
    public StateException(Code code, String message, String next) {
        this(code, message, next, null);
    }

    public StateException(Code code, String message, String next, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.next = next;
    }

    public Code code() {
        return code;
    }

    /// What to do about it.
    public String next() {
        return next;
    }

    /// A value as messages show it: in quotes, control characters escaped, at most 80 characters.
    public static String quoted(String value) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < value.length() && i < SHOWN; i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                text.append('\\').append(c);
            } else if (Character.isISOControl(c)
                    || Character.isSurrogate(c)
                    || Character.getType(c) == Character.FORMAT) {
                text.append(String.format("\\u%04x", (int) c));
            } else {
                text.append(c);
            }
        }
        return text.append(value.length() > SHOWN ? "…\"" : "\"").toString();
    }
}
