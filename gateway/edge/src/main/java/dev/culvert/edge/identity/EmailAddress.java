package dev.culvert.edge.identity;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// E-mail addresses as they are kept and compared: ASCII, lower case, at most 254 characters (RFC 5321,
/// section 4.5.3.1). Quoted local parts, address literals and letters that look like others are not
/// accepted; an internationalised domain is written in its `xn--` form.
public final class EmailAddress {
    private static final int MAX_LENGTH = 254;
    private static final Pattern FORM =
            Pattern.compile(
                    "(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
                            + "@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)"
                            + "(\\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*");

    private EmailAddress() {}

    /// The address in the form that is kept.
    ///
    /// @throws StateException when it is none
    public static String parse(String text) throws StateException {
        String address = normal(text);
        if (address == null) {
            throw new StateException(
                    Code.INVALID,
                    "e-mail address "
                            + StateException.quoted(text)
                            + " (expected: such as ann@example.com)",
                    "write the address in ASCII letters, without a name or brackets");
        }
        return address;
    }

    /// The address in the form that is kept, or null when it is none.
    public static @Nullable String normal(String text) {
        if (text.length() > 2 * MAX_LENGTH) {
            return null;
        }
        // Lower case only after the check for ASCII: the Kelvin sign would become a k.
        String stripped = text.strip();
        boolean ascii = stripped.chars().allMatch(c -> c > ' ' && c < 0x7f);
        String address = stripped.toLowerCase(Locale.ROOT);
        return ascii && address.length() <= MAX_LENGTH && FORM.matcher(address).matches()
                ? address
                : null;
    }

    /// The part before the `@`.
    static String localPart(String address) {
        return address.substring(0, address.indexOf('@'));
    }
}
