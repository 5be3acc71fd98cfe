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

    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);

    private final @Nullable Protocol only;
    private final Duration firstTry;
    private Protocol current = Protocol.QUIC;

    /// QUIC handshakes in a row that were not answered.
    private int failures;

    /// Whether one ever was.
    private boolean everQuic;

    private boolean trying;
    private Duration tryAfter;
    private long tryAtNanos;

    private ProtocolChoice(@Nullable Protocol only, Duration firstTry) {
        this.only = only;
        this.firstTry = firstTry;
        this.tryAfter = firstTry;
    }

    /// One protocol, whatever happens.
    public static ProtocolChoice only(Protocol protocol) {
        return new ProtocolChoice(protocol, FIRST_TRY);
    }

    /// QUIC where it works.
    public static ProtocolChoice auto() {
        return auto(FIRST_TRY);
    }

    static ProtocolChoice auto(Duration firstTry) {
        return new ProtocolChoice(null, firstTry);
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
    /// @param nanos now, as [System#nanoTime] has it
    /// @return true when connections use HTTP/2 from here on and did not before
    synchronized boolean silent(long nanos) {
        failures++;
        if (!isAutomatic() || current == Protocol.HTTP2 || failures < (everQuic ? FAILURES : 1)) {
            return false;
        }
        current = Protocol.HTTP2;
        tryAfter = firstTry;
        tryAtNanos = nanos + tryAfter.toNanos();
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

    /// How often a connection over HTTP/2 looks whether it is to be replaced.
    Duration lookEvery() {
        return firstTry.compareTo(LOOK_EVERY) < 0 ? firstTry : LOOK_EVERY;
    }

    /// Whether the asking connection is the one to try QUIC now; it has to end with [#registeredQuic] or
    /// [#tryFailed].
    synchronized boolean beginTry(long nanos) {
        boolean free = !trying && nanos - tryAtNanos >= 0;
        trying |= free;
        return free;
    }

    synchronized void tryFailed(long nanos) {
        trying = false;
        Duration twice = tryAfter.multipliedBy(2);
        tryAfter = twice.compareTo(LAST_TRY) < 0 ? twice : LAST_TRY;
        tryAtNanos = nanos + tryAfter.toNanos();
    }

    @Override
    public String toString() {
        return only == null ? "auto" : only.toString();
    }
}
