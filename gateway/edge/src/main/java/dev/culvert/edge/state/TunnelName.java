package dev.culvert.edge.state;

import dev.culvert.edge.state.StateException.Code;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a tunnel may be called: 1 to 64 of letters, digits, `.`, `_` and `-`, beginning with a letter
/// or digit, and never looking like an id, since commands take either.
final class TunnelName {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Pattern ID =
            Pattern.compile("(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private TunnelName() {}

    static String check(String name) throws StateException {
        if (ID.matcher(name).matches()) {
            throw new StateException(
                    Code.INVALID,
                    "name: " + StateException.quoted(name) + " looks like a tunnel id",
                    "choose a name such as home");
        }
        if (!NAME.matcher(name).matches()) {
            throw new StateException(
                    Code.INVALID,
                    "name: "
                            + StateException.quoted(name)
                            + " (expected: 1 to 64 letters, digits, '.', '_' or '-', beginning with"
                            + " a letter or digit)",
                    "choose a name such as home");
        }
        return name;
    }

    /// The id a reference is, or null when it is a name.
    static @Nullable UUID id(String reference) {
        return ID.matcher(reference).matches() ? UUID.fromString(reference) : null;
    }
}
