package dev.culvert.connector.link;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Which protocol the connections of this connector use: one of them, or QUIC as long as UDP comes through.
///
/// ### Falling back and coming back
///
/// | state | becomes | when |
/// | --- | --- | --- |
/// | QUIC | HTTP/2 | QUIC handshakes were not answered: once when none ever was, else [#FAILURES] in a row |
/// | HTTP/2 | QUIC | a try beside the standing connections has registered |
///
/// Tries begin after [#FIRST_TRY] and go on at twice the time up to [#LAST_TRY]; one connection tries for
/// all. cloudflared never comes back before it is restarted.
///
/// Thread-safe.
public final class ProtocolChoice {
    static final int FAILURES = 3;
    static final Duration FIRST_TRY = Duration.ofSeconds(30);
    static final Duration LAST_TRY = Duration.ofMinutes(10);

    private final @Nullable Protocol only;
    private Protocol current = Protocol.QUIC;

    /// QUIC handshakes in a row that were not answered.
    private int failures;

    /// Whether one ever was.
    private boolean everQuic;

    private boolean trying;
    private Duration tryAfter = FIRST_TRY;

    private ProtocolChoice(@Nullable Protocol only) {
        this.only = only;
    }

    /// One protocol, whatever happens.
    public static ProtocolChoice only(Protocol protocol) {
        return new ProtocolChoice(protocol);
    }

    /// QUIC where it works.
    public static ProtocolChoice auto() {
        return new ProtocolChoice(null);
    }

    /// What a new connection uses now.
    synchronized Protocol current() {
        Protocol fixed = only;
        return fixed == null ? current : fixed;
    }

    /// Whether it may change.
    boolean isAutomatic() {
        return only == null;
    }

    /// A QUIC handshake was not answered.
    ///
    /// @return true when connections use HTTP/2 from here on and did not before
    synchronized boolean silent() {
        failures++;
        if (!isAutomatic() || current == Protocol.HTTP2 || failures < (everQuic ? FAILURES : 1)) {
            return false;
        }
        current = Protocol.HTTP2;
        tryAfter = FIRST_TRY;
        trying = false;
        return true;
    }

    /// A QUIC connection has registered.
    ///
    /// @return true when connections use QUIC from here on and did not before
    synchronized boolean registeredQuic() {
        boolean back = isAutomatic() && current == Protocol.HTTP2;
        current = Protocol.QUIC;
        failures = 0;
        everQuic = true;
        trying = false;
        return back;
    }

    /// How long a connection over HTTP/2 waits before it asks to try QUIC.
    synchronized Duration tryAfter() {
        return tryAfter;
    }

    /// Whether the asking connection is the one to try QUIC now; it has to end with [#registeredQuic] or
    /// [#tryFailed].
    synchronized boolean beginTry() {
        boolean free = !trying;
        trying = true;
        return free;
    }

    synchronized void tryFailed() {
        trying = false;
        Duration twice = tryAfter.multipliedBy(2);
        tryAfter = twice.compareTo(LAST_TRY) < 0 ? twice : LAST_TRY;
    }

    @Override
    public String toString() {
        return only == null ? "auto" : only.toString();
    }
}
