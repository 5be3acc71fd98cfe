package dev.culvert.transport;

/// Why a stream ended before its time. Immutable.
///
/// @param detail one line for the log, without secrets
public record StreamFault(Kind kind, String detail) {
    public enum Kind {
        /// The other end no longer wants the stream: a user who went away, a cancelled request.
        CANCELLED,
        /// The other end has answered in full and will not read the rest of what it is sent.
        NOT_READ,
        /// Refused before anything was done with it: safe to try elsewhere.
        REFUSED,
        /// The connection under the stream is gone.
        CONNECTION_LOST,
        /// The peer broke the protocol.
        PROTOCOL,
        /// A limit of time was reached.
        TIMED_OUT,
        /// Our own failure.
        INTERNAL
    }

    public static StreamFault cancelled(String detail) {
        return new StreamFault(Kind.CANCELLED, detail);
    }

    public static StreamFault refused(String detail) {
        return new StreamFault(Kind.REFUSED, detail);
    }

    public static StreamFault connectionLost(String detail) {
        return new StreamFault(Kind.CONNECTION_LOST, detail);
    }

    public static StreamFault protocol(String detail) {
        return new StreamFault(Kind.PROTOCOL, detail);
    }

    public static StreamFault notRead() {
        return new StreamFault(Kind.NOT_READ, "answered without reading the rest");
    }

    public static StreamFault timedOut(String detail) {
        return new StreamFault(Kind.TIMED_OUT, detail);
    }

    public static StreamFault internal(String detail) {
        return new StreamFault(Kind.INTERNAL, detail);
    }
}
