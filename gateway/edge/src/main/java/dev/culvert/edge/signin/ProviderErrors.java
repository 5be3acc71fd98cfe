package dev.culvert.edge.signin;

import dev.culvert.plugin.edge.OneLine;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The error answers of providers (RFC 6749, section 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6) in
/// words. Stateless.
final class ProviderErrors {
    private static final Pattern CODE = Pattern.compile("[a-z0-9_-]{1,60}");
    private static final int MAX_DESCRIPTION = 200;

    private ProviderErrors() {}

    /// An error code that can be shown: whatever else a provider sends is `unknown`.
    static String code(@Nullable String code) {
        return code != null && CODE.matcher(code).matches() ? code : "unknown";
    }

    /// The answer of an authorization endpoint that did not let somebody sign in.
    static ProviderException answered(String error, String description) {
        String code = code(error);
        String said = described(description);
        String reason = "provider answers " + code + said;
        return switch (code) {
            case "access_denied" ->
                    ProviderException.refused(
                            reason, "You did not agree there, or may not use this site." + said);
            case "login_required", "interaction_required", "account_selection_required" ->
                    ProviderException.refused(
                            reason, "It wants you to sign in there first." + said);
            case "consent_required" ->
                    ProviderException.refused(reason, "It wants your consent first." + said);
            case "server_error", "temporarily_unavailable" ->
                    new ProviderException(
                            ProviderException.Fault.UNAVAILABLE,
                            reason,
                            "It has trouble at the moment. Try again later." + said,
                            null);
            default ->
                    new ProviderException(
                            ProviderException.Fault.BROKEN,
                            reason,
                            "It refused the request (" + code + ")." + said,
                            null);
        };
    }

    private static String described(String description) {
        String line = OneLine.spaced(description, MAX_DESCRIPTION);
        return line.isEmpty() ? "" : " It says: “" + line + "”";
    }
}
