package dev.culvert.access;

import dev.culvert.protocols.websocket.HandshakeException;
import dev.culvert.protocols.websocket.StreamEnd;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Turns what went wrong into a [Problem]. Immutable.
final class Explanation {
    private Explanation() {}

    /// A failure before the WebSocket was open.
    static Problem of(Throwable cause, Route route) {
        HostPort hop = route.firstHop();
        String via = route.proxy() == null ? "" : " (proxy)";
        return switch (cause) {
            case Problem known -> known;
            case UnknownHostException _ ->
                    Problem.passing(
                            "unknown name: " + hop.host() + via,
                            "check the spelling and DNS, or dial elsewhere with --connect-to");
            case SocketTimeoutException _ ->
                    Problem.passing(
                            "no answer from " + hop + via + " in time",
                            "check that the edge is up and that no firewall is between");
            case NoRouteToHostException _ ->
                    Problem.passing("no route to " + hop + via, "check the network");
            case ConnectException _ ->
                    Problem.passing(
                            "connection refused by " + hop + via,
                            "check the port, and that the edge is running");
            case SSLException tls -> tls(tls, route);
            case HandshakeException broken -> notWebSocket(String.valueOf(broken.getMessage()));
            default ->
                    Problem.failed(
                            "connection to " + hop + via + " failed: " + cause.getMessage(),
                            "try again; if it persists, check the edge's log");
        };
    }

    private static Problem tls(SSLException cause, Route route) {
        String all = messages(cause);
        String name = route.tlsName();
        if (all.contains("No name matching")
                || all.contains("No subject alternative")
                || all.contains("Illegal given domain")) {
            return Problem.failed(
                    "TLS: the certificate of " + route.dial() + " is not for " + name,
                    "check --hostname, or name the certificate's name by"
                            + " --connect-to name:port:host");
        }
        if (all.contains("unable to find valid certification path")
                || all.contains("Path does not chain")
                || all.contains("trustAnchors")) {
            return Problem.failed(
                    "TLS: the certificate of " + name + " is from an unknown authority",
                    "name the authority's file with --cacert FILE (or CULVERT_CACERT)");
        }
        if (all.contains("NotAfter")
                || all.contains("NotBefore")
                || all.contains("validity check")) {
            return Problem.failed(
                    "TLS: the certificate of " + name + " has expired or is not valid yet",
                    "renew it at the edge, or correct this machine's clock");
        }
        if (all.contains("plaintext connection") || all.contains("Unsupported or unrecognized")) {
            return Problem.failed(
                    "TLS: " + route.dial() + " does not speak TLS",
                    "name the edge's HTTPS port: --hostname https://host:port");
        }
        return Problem.failed(
                "TLS with " + route.dial() + " failed: " + cause.getMessage(),
                "check that the edge offers TLS 1.3 or 1.2 for " + name);
    }

    private static String messages(Throwable cause) {
        StringBuilder all = new StringBuilder();
        Throwable next = cause;
        for (int depth = 0; next != null && depth < 10; depth++, next = next.getCause()) {
            all.append(next).append('\n');
        }
        return all.toString();
    }

    private static Problem notWebSocket(String what) {
        return Problem.failed(
                "not a WebSocket service: " + what,
                "check host name, port and path: the address must be the edge's");
    }

    /// How a stream ended; null when all is well.
    static @Nullable Problem of(StreamEnd end, Route route) {
        return switch (end) {
            case StreamEnd.Completed _ -> null;
            case StreamEnd.Refused refused -> Refusal.explain(refused, route);
            case StreamEnd.Closed closed -> {
                String reason =
                        closed.reason().isBlank()
                                ? "server closed the stream, code " + closed.code()
                                : closed.reason();
                yield Problem.failed(reason, closeHint(closed.code()));
            }
            case StreamEnd.Broken broken -> notWebSocket(broken.problem());
            case StreamEnd.Lost lost ->
                    Problem.failed(
                            lost.problem(),
                            "reconnect; if it happens again, look into the edge's log");
        };
    }

    private static String closeHint(int code) {
        String meaning =
                switch (code) {
                    case 1001, 1012 -> "the server is restarting or going away: reconnect";
                    case 1008 -> "the edge or the service has ended the stream: ask its owner";
                    case 1013 -> "the server is overloaded: try again later";
                    default -> "look into the edge's and the connector's log";
                };
        return meaning + " (close code " + code + ")";
    }

    /// An I/O failure while bytes were moving.
    static String lost(IOException cause, Route route) {
        String what = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        return "connection to " + route.dial() + " lost: " + what;
    }
}
