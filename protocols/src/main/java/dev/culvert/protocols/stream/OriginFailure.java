package dev.culvert.protocols.stream;

/// Why a connector could not get an answer from an origin. Travels to the edge in the response meta
/// header as `culvert_error` and `culvert_detail`; a stock cloudflared sends neither, which reads as
/// [Code#UNREACHABLE].
///
/// @param detail one line for the log and the error page, without secrets; at most 300 characters
public record OriginFailure(Code code, String detail) {
    public static final int MAX_DETAIL = 300;

    public OriginFailure {
        if (detail.length() > MAX_DETAIL) {
            detail = detail.substring(0, MAX_DETAIL);
        }
    }

    /// The wire spelling is the lower-case name with the prefix `origin_`.
    public enum Code {
        /// The origin's machine answered with a refusal: nothing listens there.
        REFUSED(502),
        /// No answer within the connect or TLS time-out.
        TIMED_OUT(504),
        /// The origin's name does not resolve.
        UNKNOWN_NAME(502),
        /// The TLS handshake with the origin failed, most often its certificate.
        TLS(502),
        /// The origin, or the client, does not speak the protocol of the service.
        PROTOCOL(502),
        /// The origin closed the stream before it answered.
        CLOSED(502),
        /// The connector is at its limit of streams.
        OVERLOADED(503),
        /// The connector has no ingress rules yet, or is about to stop.
        NOT_READY(503),
        /// The connector does not let the stream in: its access token, or the destination the client
        /// chose.
        DENIED(403),
        /// The client has to choose a destination and named none, or none that can be read.
        DESTINATION(502),
        /// Any other reason.
        UNREACHABLE(502);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        /// HTTP status shown to the user.
        public int status() {
            return status;
        }
    }
}
