package dev.culvert.connector.engine;

import dev.culvert.connector.destination.RefusedDestinationException;
import dev.culvert.protocols.stream.OriginFailure;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import io.netty.handler.timeout.TimeoutException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Says in words of ours why an origin could not be reached. Stateless.
final class OriginErrors {
    private OriginErrors() {}

    /// @param origin where it was tried, for the detail
    static OriginFailure failure(Object origin, Throwable cause) {
        for (Throwable at = cause; at != null; at = at.getCause()) {
            OriginFailure.Code code = code(at);
            if (code != null) {
                return new OriginFailure(code, origin + ": " + sentence(code, at));
            }
        }
        return new OriginFailure(OriginFailure.Code.UNREACHABLE, origin + ": " + message(cause));
    }

    /// What the origin sent is refused.
    static OriginFailure protocol(Object origin, String why) {
        return new OriginFailure(OriginFailure.Code.PROTOCOL, origin + ": " + why);
    }

    static OriginFailure closed(Object origin) {
        return new OriginFailure(OriginFailure.Code.CLOSED, origin + ": closed without an answer");
    }

    private static OriginFailure.@Nullable Code code(Throwable cause) {
        return switch (cause) {
            case ConnectTimeoutException e -> OriginFailure.Code.TIMED_OUT;
            case SocketTimeoutException e -> OriginFailure.Code.TIMED_OUT;
            case TimeoutException e -> OriginFailure.Code.TIMED_OUT;
            case SslHandshakeTimeoutException e -> OriginFailure.Code.TIMED_OUT;
            case RefusedDestinationException e -> OriginFailure.Code.DENIED;
            case UnknownHostException e -> OriginFailure.Code.UNKNOWN_NAME;
            case SSLException e -> OriginFailure.Code.TLS;
            case FileNotFoundException e -> OriginFailure.Code.REFUSED;
            case ConnectException e ->
                    message(e).contains("refused") ? OriginFailure.Code.REFUSED : null;
            default -> null;
        };
    }

    private static String sentence(OriginFailure.Code code, Throwable cause) {
        return switch (code) {
            case REFUSED -> "connection refused";
            case TIMED_OUT -> "no answer in time";
            case UNKNOWN_NAME -> "the name does not resolve";
            case TLS -> "TLS handshake failed: " + message(cause);
            case PROTOCOL, CLOSED, OVERLOADED, NOT_READY, DENIED, DESTINATION, UNREACHABLE ->
                    message(cause);
        };
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return message == null
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }
}
