package dev.culvert.edge.signin;

import dev.culvert.edge.state.Hostname;
import dev.culvert.edge.state.StateException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A mail address in the form in which addresses are compared: lower case, the domain in punycode.
/// The local part is a dot-atom of RFC 5321 (section 4.1.2) of at most 64 characters; quoted and
/// non-ASCII ones are refused. Immutable.
///
/// @param local before the `@`
/// @param domain after it
public record EmailAddress(String local, String domain) {
    private static final int MAX_LENGTH = 254;
    private static final Pattern LOCAL =
            Pattern.compile(
                    "(?=.{1,64}$)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*");

    /// What a person or a provider wrote, or null when it is no address.
    public static @Nullable EmailAddress parse(String written) {
        if (written.length() > MAX_LENGTH) {
            return null;
        }
        String text = written.strip();
        int at = text.lastIndexOf('@');
        if (at < 0) {
            return null;
        }
        String local = text.substring(0, at).toLowerCase(Locale.ROOT);
        String domain = normalDomain(text.substring(at + 1));
        return domain != null && LOCAL.matcher(local).matches()
                ? new EmailAddress(local, domain)
                : null;
    }

    /// A mail domain in its normal form, or null when it is none.
    public static @Nullable String normalDomain(String written) {
        try {
            Hostname host = Hostname.parse(written);
            return host.isWildcard() ? null : host.text();
        } catch (StateException e) {
            return null;
        }
    }

    @Override
    public String toString() {
        return local + "@" + domain;
    }
}
