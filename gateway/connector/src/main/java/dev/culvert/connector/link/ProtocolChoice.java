package dev.culvert.connector.link;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
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
    private final AtomicReference<State> state = new AtomicReference<>(State.START);

    /// @param current what new connections use
    /// @param failures QUIC handshakes in a row that were not answered
    /// @param everQuic whether one ever was
    /// @param tryAfter how long a connection over HTTP/2 waits before it tries QUIC
    private record State(
            Protocol current, int failures, boolean everQuic, Duration tryAfter, boolean trying) {
        static final State START = new State(Protocol.QUIC, 0, false, FIRST_TRY, false);

        State afterSilence() {
            int more = failures + 1;
            boolean fallBack = current == Protocol.QUIC && more >= (everQuic ? FAILURES : 1);
            return fallBack
                    ? new State(Protocol.HTTP2, 0, everQuic, FIRST_TRY, false)
                    : new State(current, more, everQuic, tryAfter, trying);
        }

        State afterQuic() {
            return new State(Protocol.QUIC, 0, true, FIRST_TRY, false);
        }

        State whileTrying() {
            return new State(current, failures, everQuic, tryAfter, true);
        }

        State afterFailedTry() {
            Duration twice = tryAfter.multipliedBy(2);
            return new State(
                    current,
                    failures,
                    everQuic,
                    twice.compareTo(LAST_TRY) < 0 ? twice : LAST_TRY,
                    false);
        }
    }

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
    Protocol current() {
        Protocol fixed = only;
        return fixed == null ? state.get().current() : fixed;
    }

    /// Whether it may change.
    boolean isAutomatic() {
        return only == null;
    }

    /// A QUIC handshake was not answered.
    ///
    /// @return true when connections use HTTP/2 from here on and did not before
    boolean silent() {
        State before = state.getAndUpdate(State::afterSilence);
        return isAutomatic()
                && before.current() == Protocol.QUIC
                && before.afterSilence().current() == Protocol.HTTP2;
    }

    /// A QUIC connection has registered.
    ///
    /// @return true when connections use QUIC from here on and did not before
    boolean registeredQuic() {
        return state.getAndUpdate(State::afterQuic).current() == Protocol.HTTP2 && isAutomatic();
    }

    /// How long a connection over HTTP/2 waits before it asks again to [#beginTry].
    Duration tryAfter() {
        return state.get().tryAfter();
    }

    /// Whether the asking connection is the one to try QUIC now; it has to end with [#registeredQuic] or
    /// [#tryFailed].
    boolean beginTry() {
        State before = state.getAndUpdate(State::whileTrying);
        return !before.trying();
    }

    void tryFailed() {
        state.updateAndGet(State::afterFailedTry);
    }

    @Override
    public String toString() {
        return only == null ? "auto" : only.toString();
    }
}
