package dev.culvert.connector.link;

import dev.culvert.protocols.registration.ConnectionError;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Why a connection to the edge could not be had, in words for the person who runs the connector.
/// Immutable.
///
/// @param edge that was tried, or what was looked for
/// @param sentence what happened
/// @param hint what to do
/// @param permanent trying again does not help
public record LinkProblem(String edge, String sentence, String hint, boolean permanent) {

    /// No edge could be had at all.
    static LinkProblem of(Throwable cause) {
        return cause instanceof EdgeProblem problem
                ? new LinkProblem(
                        problem.edge(), String.valueOf(problem.getMessage()), problem.hint(), false)
                : new LinkProblem("-", String.valueOf(cause), "see the connector's log", false);
    }

    /// @param reason used when nothing better is known
    /// @param refusal the edge's refusal of the registration, or null
    public static LinkProblem of(
            EdgeAddress edge,
            String reason,
            @Nullable ConnectionError refusal,
            @Nullable Throwable cause) {
        if (refusal != null) {
            boolean unauthorized = refusal.cause().contains("Unauthorized");
            return new LinkProblem(
                    edge.toString(),
                    "the edge at " + edge + " refused the tunnel: " + refusal.cause(),
                    unauthorized
                            ? "make a new token with 'gateway tunnel token NAME' on the edge's machine and use that"
                            : "see the edge's log for the reason",
                    !refusal.shouldRetry());
        }
        // The validator wraps it in the words it has for an authority it does not know.
        for (Throwable at = cause; at != null; at = at.getCause()) {
            if (at instanceof CertificateExpiredException
                    || at instanceof CertificateNotYetValidException) {
                return new LinkProblem(
                        edge.toString(),
                        "the certificate of " + edge + " is not valid now: " + at.getMessage(),
                        "check the clocks of both machines, and restart the edge to renew it",
                        false);
            }
        }
        for (Throwable at = cause; at != null; at = at.getCause()) {
            switch (at) {
                case EdgeProblem e -> {
                    return of(e);
                }
                case UnknownHostException e -> {
                    return new LinkProblem(
                            edge.toString(),
                            "the edge's name " + edge.host() + " does not resolve",
                            "check --edge and the name server",
                            false);
                }
                case CertPathBuilderException e -> {
                    return untrusted(edge);
                }
                case CertificateException e -> {
                    String message = String.valueOf(e.getMessage());
                    if (message.contains("No name matching")
                            || message.contains("subject alternative")) {
                        return new LinkProblem(
                                edge.toString(),
                                "the certificate of "
                                        + edge
                                        + " is not valid for "
                                        + LinkSettings.SERVER_NAME
                                        + " or "
                                        + LinkSettings.QUIC_SERVER_NAME,
                                "an edge's own authority makes such a certificate; is "
                                        + edge
                                        + " the tunnel port of a Culvert edge?",
                                true);
                    }
                    if (message.contains("PKIX") || message.contains("unable to find valid")) {
                        return untrusted(edge);
                    }
                }
                case ConnectException e -> {
                    return new LinkProblem(
                            edge.toString(),
                            "nothing accepts connections at " + edge,
                            "is the edge running, and its tunnel port open?",
                            false);
                }
                default -> {}
            }
        }
        if (cause instanceof SSLException) {
            return new LinkProblem(
                    edge.toString(),
                    "TLS with " + edge + " failed: " + cause.getMessage(),
                    "is it the tunnel port of a Culvert edge (7844 by default)?",
                    false);
        }
        String detail = cause == null ? "" : ": " + cause.getMessage();
        return new LinkProblem(edge.toString(), reason + detail, "see the edge's log", false);
    }

    static LinkProblem quicThroughProxy(EdgeAddress edge) {
        return new LinkProblem(
                edge.toString(),
                "the way to " + edge + " is a proxy, and QUIC does not go through one",
                "use --protocol auto or http2, or leave the edge's name to NO_PROXY",
                false);
    }

    private static LinkProblem untrusted(EdgeAddress edge) {
        return new LinkProblem(
                edge.toString(),
                "the certificate of "
                        + edge
                        + " is signed by an authority this connector does not trust",
                "pass the edge's ca.pem with --cacert (it lies in the edge's state directory)",
                true);
    }
}
