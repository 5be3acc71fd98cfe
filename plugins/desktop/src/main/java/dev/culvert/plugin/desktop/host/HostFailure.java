package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.rdp.ConnectionConfirm;
import dev.culvert.protocols.rdp.ConnectionConfirm.Failed;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Why there is no session with a host, in words for people. Stateless.
final class HostFailure {
    private static final int MAX_SHOWN = 200;

    private HostFailure() {}

    /// Why no stream was opened.
    static RefusedException of(String host, @Nullable Throwable cause) {
        if (!(cause instanceof RefusedException refused)) {
            return caused(
                    new RefusedException(
                            "host_unreachable",
                            host + " could not be reached" + words(cause) + ".",
                            "Try again; see the log of the edge and of the connector."),
                    cause);
        }
        return switch (refused.code()) {
            case "origin_refused" ->
                    caused(
                            new RefusedException(
                                    "host_refused",
                                    "Nothing listens on the port of " + host + ".",
                                    "Start the host's service for remote desktops, or correct the address in the"
                                            + " connector's rule."),
                            refused);
            case "origin_timed_out" -> caused(timedOut(host), refused);
            case "origin_unknown_name",
                    "origin_unreachable",
                    "origin_closed",
                    "origin_not_ready",
                    "origin_overloaded",
                    "origin_protocol",
                    "origin_tls",
                    "tunnel_down",
                    "stream_lost",
                    "unknown_host" ->
                    caused(
                            new RefusedException(
                                    "host_unreachable",
                                    host + " could not be reached. " + refused.getMessage(),
                                    refused.next()),
                            refused);
            default -> refused;
        };
    }

    static RefusedException timedOut(String host) {
        return new RefusedException(
                "host_timed_out",
                host + " did not accept a connection in time.",
                "Check that it runs, and that a firewall lets the connector through to it.");
    }

    static RefusedException silent(String host) {
        return new RefusedException(
                "host_timed_out",
                host + " accepted the connection and then did not answer in time.",
                "Check that the connector's rule has the right port, and that the host is not overloaded.");
    }

    static RefusedException not(String protocol, String host, @Nullable Throwable cause) {
        return caused(
                new RefusedException(
                        "not_" + protocol,
                        "What answers for "
                                + host
                                + " does not speak "
                                + protocol.toUpperCase(java.util.Locale.ROOT)
                                + words(cause)
                                + ".",
                        "Check the address and the port in the connector's rule."),
                cause);
    }

    /// The host and its application disagree about what protects the connection.
    static RefusedException security(String host, String what, String next) {
        return new RefusedException("security_mode", host + " " + what + ".", next);
    }

    /// @param packet in which the host says so
    static RefusedException refusedSecurity(String host, Failed failed, byte[] packet) {
        RefusedException refused =
                switch (failed.code()) {
                    case ConnectionConfirm.HYBRID_REQUIRED_BY_SERVER ->
                            security(
                                    host,
                                    "insists on NLA, which was not asked for",
                                    "Set desktop.security of the application to any or nla.");
                    case ConnectionConfirm.SSL_NOT_ALLOWED_BY_SERVER,
                            ConnectionConfirm.SSL_CERT_NOT_ON_SERVER ->
                            security(
                                    host,
                                    "offers no TLS (" + failed.name() + ")",
                                    "Give the host a certificate and allow TLS or NLA; RDP's own security is not taken.");
                    default ->
                            security(
                                    host,
                                    "refuses the connection (" + failed.name() + ")",
                                    "See the host's log, and its settings for remote desktops.");
                };
        return caused(refused, new HostRefusal(packet));
    }

    static RefusedException oldSecurity(String host) {
        return security(
                host,
                "knows nothing but RDP's own security, which protects nothing",
                "Allow TLS or NLA on the host (xrdp: security_layer=tls).");
    }

    static RefusedException tls(String host, IOException cause) {
        return caused(
                new RefusedException(
                        "security_mode",
                        host + " and the edge did not agree on TLS" + words(cause) + ".",
                        "The host needs TLS 1.2 or 1.3 and a certificate; see its log."),
                cause);
    }

    private static String words(@Nullable Throwable cause) {
        String message = cause == null ? null : cause.getMessage();
        return message == null || message.isBlank()
                ? ""
                : " (" + OneLine.spaced(message, MAX_SHOWN) + ")";
    }

    private static RefusedException caused(RefusedException refused, @Nullable Throwable cause) {
        if (cause != null) {
            refused.initCause(cause);
        }
        return refused;
    }
}
