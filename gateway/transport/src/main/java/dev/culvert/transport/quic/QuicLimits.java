package dev.culvert.transport.quic;

import java.time.Duration;

/// Windows and time-outs of one QUIC connection. Immutable.
///
/// Between our own programs everything is read at once and bodies have a credit of their own
/// ([GrantedCredit]). With cloudflared the library holds what has arrived and not been read, and gives connection-level credit back only for
/// what was read: streams whose readers have stopped use up the connection's window, `connectionBytes`, and
/// then stop the others. A stopped stream holds at most its own window, so it takes
/// `connectionBytes / streamBytes` of them; they count several times in [QuicLink#load], so a tunnel with
/// another connection sends new streams there long before.
///
/// @param streamBytes receive window a stream starts with; the library lets it grow with the delay
/// @param connectionBytes receive window the connection starts with
/// @param maxStreams streams the peer may have open
/// @param idle the connection is given up when nothing has arrived for so long; the smaller one of both
///     ends holds, and cloudflared says 5 s
/// @param keepAlive how often a quiet connection of ours says something
public record QuicLimits(
        long streamBytes,
        long connectionBytes,
        long maxStreams,
        Duration idle,
        Duration keepAlive) {
    private static final long MIB = 1024 * 1024;

    /// Survives an outage of 20 seconds, after which the library may wait as long again before it tries once more.
    public static final QuicLimits TUNNEL =
            new QuicLimits(MIB, 32 * MIB, 10_000, Duration.ofSeconds(60), Duration.ofSeconds(5));

    public QuicLimits withIdle(Duration idle, Duration keepAlive) {
        return new QuicLimits(streamBytes, connectionBytes, maxStreams, idle, keepAlive);
    }
}
