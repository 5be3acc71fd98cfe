package dev.culvert.edge.front;

import dev.culvert.protocols.stream.OriginFailure;
import java.util.Locale;

/// What can go wrong with a request before an origin has answered. The code is stable, lower case, in
/// the page, the JSON and the log; see `docs/errors.md`.
public enum EdgeError {
    UNKNOWN_HOST(
            404,
            "Nothing is published under this name.",
            "Check the address. If it is yours, add it with 'gateway route add HOSTNAME TUNNEL'."),
    CLOSED(
            403,
            "This name is not open to anyone.",
            "Its owner has to put it behind an application or publish it with 'gateway route add --public'."),
    ACCESS_ENDED(
            403,
            "Your access to this address has ended.",
            "Open it again to sign in, or ask whoever looks after it."),
    RECORDING_UNAVAILABLE(
            503,
            "Sessions of this host are recorded, and nothing here can record this one.",
            "If it is yours, run the edge with the plugin that shows it in a browser, or change the application's recording."),
    DESKTOP_UNAVAILABLE(
            503,
            "This desktop is shown in a browser, and nothing here can show it.",
            "If it is yours, run the edge with the plugin for desktops, or let client programs in with desktop.programs."),
    MISDIRECTED(
            421,
            "This name needs a connection of its own, on which it can ask for a client certificate.",
            "Browsers open one by themselves. Other clients have to name the host in the handshake (SNI)."),
    TUNNEL_DOWN(
            503,
            "The service is not connected at the moment.",
            "Try again in a minute. If it is yours, start its connector: 'gateway connector run'."),
    ORIGIN_REFUSED(
            502,
            "The service behind this name does not accept connections.",
            "If it is yours, check that it is running and that the connector's rule has its address."),
    ORIGIN_TIMED_OUT(
            504,
            "The service behind this name did not answer in time.",
            "Try again. If it is yours, check that the connector can reach it."),
    ORIGIN_UNKNOWN_NAME(
            502,
            "The connector does not know the service's address.",
            "If it is yours, check the host name in the connector's rule."),
    ORIGIN_TLS(
            502,
            "The connector and the service could not agree on a secure connection.",
            "If it is yours, check the service's certificate, or set caPool or originServerName."),
    ORIGIN_PROTOCOL(
            502,
            "The service behind this name does not speak the expected protocol.",
            "If it is yours, check the kind of service in the connector's rule."),
    ORIGIN_CLOSED(
            502,
            "The service closed the connection before it answered.",
            "Try again. If it is yours, see its log."),
    ORIGIN_OVERLOADED(503, "The connector carries too many streams.", "Try again in a moment."),
    ORIGIN_NOT_READY(
            503,
            "The connector has no service for this name.",
            "If it is yours, add an ingress rule for it to the connector's config.yml."),
    ORIGIN_DENIED(
            403,
            "The connector does not let this request in.",
            "Ask the owner of the service. If it is yours, see the connector's log for the rule and reason."),
    ORIGIN_DESTINATION(
            502,
            "The service needs a destination, and the client named none that can be used.",
            "Name one: 'access tcp --destination HOST:PORT'."),
    ORIGIN_UNREACHABLE(
            502,
            "The service behind this name could not be reached.",
            "If it is yours, see the connector's log."),
    STREAM_LOST(
            502,
            "The connection to the service broke before it answered.",
            "Try again; a request that changes something may have been carried out."),
    REQUEST_TIMED_OUT(
            408,
            "The rest of this request did not come.",
            "Send it again; the connection may have been interrupted."),
    ADDRESS_TOO_LONG(414, "This address is too long.", "Shorten it, or send the data in a body."),
    TOO_MANY_FIELDS(
            431,
            "This request has too many header fields.",
            "Remove some; in a browser, delete the cookies of this site."),
    TOO_MANY_STREAMS(
            429,
            "Too many requests from this network are open at once.",
            "Wait until some have ended. If it is yours, see limits.client-streams."),
    OVERLOADED(503, "The edge carries too many streams.", "Try again in a moment."),
    DRAINING(503, "The edge is about to stop.", "Try again in a moment.");

    private final int status;
    private final String sentence;
    private final String next;

    EdgeError(int status, String sentence, String next) {
        this.status = status;
        this.sentence = sentence;
        this.next = next;
    }

    public static EdgeError of(OriginFailure.Code code) {
        return switch (code) {
            case REFUSED -> ORIGIN_REFUSED;
            case TIMED_OUT -> ORIGIN_TIMED_OUT;
            case UNKNOWN_NAME -> ORIGIN_UNKNOWN_NAME;
            case TLS -> ORIGIN_TLS;
            case PROTOCOL -> ORIGIN_PROTOCOL;
            case CLOSED -> ORIGIN_CLOSED;
            case OVERLOADED -> ORIGIN_OVERLOADED;
            case NOT_READY -> ORIGIN_NOT_READY;
            case DENIED -> ORIGIN_DENIED;
            case DESTINATION -> ORIGIN_DESTINATION;
            case UNREACHABLE -> ORIGIN_UNREACHABLE;
        };
    }

    public int status() {
        return status;
    }

    /// Stable, for programs: `unknown_host`.
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// What happened, one plain sentence.
    public String sentence() {
        return sentence;
    }

    /// What to do.
    public String next() {
        return next;
    }
}
