package dev.culvert.edge.signin;

import dev.culvert.plugin.edge.OneLine;
import org.jspecify.annotations.Nullable;

/// Signing in with a provider came to nothing. The message is for the audit log and holds no secret.
/// Immutable.
final class ProviderException extends Exception {

    /// Whose turn it is to do something, and the HTTP status that says so.
    enum Fault {
        /// The provider cannot be reached or has trouble: later.
        UNAVAILABLE(503),
        /// Provider or edge are set up wrongly, or somebody forges: the administrator.
        BROKEN(502),
        /// The provider, or the person there, said no.
        REFUSED(403);

        private final int status;

        Fault(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private static final int MAX_REASON = 500;

    private final Fault fault;
    private final String shown;

    /// @param reason for the audit log
    /// @param shown one sentence for the person, which may begin with the provider's title
    ProviderException(Fault fault, String reason, String shown, @Nullable Throwable cause) {
        super(OneLine.spaced(reason, MAX_REASON), cause);
        this.fault = fault;
        this.shown = shown;
    }

    static ProviderException unavailable(String reason, @Nullable Throwable cause) {
        return new ProviderException(
                Fault.UNAVAILABLE,
                reason,
                "It does not answer at the moment. Try again later, or sign in another way.",
                cause);
    }

    static ProviderException broken(String reason, @Nullable Throwable cause) {
        return new ProviderException(
                Fault.BROKEN,
                reason,
                "Its answer cannot be trusted, or it is not set up as this site expects. Tell the"
                        + " administrator the request's number below.",
                cause);
    }

    static ProviderException refused(String reason, String shown) {
        return new ProviderException(Fault.REFUSED, reason, shown, null);
    }

    Fault fault() {
        return fault;
    }

    String shown() {
        return shown;
    }
}
