package dev.culvert.plugin.ssh.edge.gateway;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One channel of a relay: its numbers at both sides, and how far its life has come at each.
///
/// A session's channel is open at the client's side before it is at the host's: who signs in there with the client's
/// agent has to be told that there is one, in that channel. What the client sends for the host meanwhile is kept
/// here, to a bound; data cannot come, since the client has no window yet.
///
/// Guarded by itself: whoever reads or changes anything holds its monitor, and does not wait meanwhile.
final class RelayedChannel {
    private static final int MAX_EARLY = 512;
    private static final int MAX_EARLY_BYTES = 64 * 1024;
    private static final int MAX_ANSWERS = 64;

    /// Ours, the same at both sides.
    final long id;

    final String type;

    /// Who asked for it: the other side opens it or does not.
    final Side opener;

    /// What follows the sizes in the message that opened it.
    final byte[] opening;

    final End client = new End();
    final End host = new End();

    /// Asked for at the host, and not answered yet.
    boolean opensAtHost;

    /// Set once, when what runs in it begins.
    volatile @Nullable SessionTape tape;

    /// Whether something runs in it; set by the thread that reads the client.
    volatile boolean begun;

    /// What `pty-req` has said; for that thread.
    @Nullable Terminal terminal;

    private @Nullable List<Message> early = new ArrayList<>();
    private int earlyBytes;

    /// A side's view of the channel.
    static final class End {
        /// What the side calls the channel.
        long number;

        /// What the side takes at first.
        long window;

        /// The longest data that it takes at once.
        long packet;

        boolean open;
        boolean closeSent;
        boolean closeReceived;

        /// Who answers the requests of this side that want an answer, in their order.
        final Deque<Answer> answers = new ArrayDeque<>();

        void opened(long number, long window, long packet) {
            this.number = number;
            this.window = window;
            this.packet = packet;
            this.open = true;
        }

        boolean takesMessages() {
            return open && !closeSent;
        }

        boolean isGone() {
            return !open || closeSent && closeReceived;
        }
    }

    /// How a request is answered.
    enum Answer {
        BY_OTHER_SIDE,
        SUCCESS,
        FAILURE
    }

    /// @param body what follows the number of the channel
    record Message(int command, byte[] body) {}

    record Terminal(int columns, int rows) {}

    RelayedChannel(long id, String type, Side opener, byte[] opening) {
        this.id = id;
        this.type = type;
        this.opener = opener;
        this.opening = opening;
    }

    boolean isSession() {
        return type.equals("session");
    }

    End at(Side side) {
        return side == Side.CLIENT ? client : host;
    }

    boolean isGone() {
        return client.isGone() && host.isGone() && !opensAtHost;
    }

    /// Keeps a message for the host until that has opened the channel.
    ///
    /// @return false when it has: send it
    boolean keepEarly(Message message) throws GatewayProtocolException {
        if (early == null) {
            return false;
        }
        earlyBytes += message.body().length;
        if (early.size() >= MAX_EARLY || earlyBytes > MAX_EARLY_BYTES) {
            throw new GatewayProtocolException("too much was sent before the host was reached");
        }
        early.add(message);
        return true;
    }

    /// What was kept; nothing is any more.
    List<Message> takeEarly() {
        List<Message> kept = early == null ? List.of() : early;
        early = null;
        return kept;
    }

    /// A request came from a side that wants an answer.
    void expect(Side from, Answer answer) throws GatewayProtocolException {
        Deque<Answer> answers = at(from).answers;
        if (answers.size() >= MAX_ANSWERS) {
            throw new GatewayProtocolException("too many requests wait for an answer");
        }
        answers.add(answer);
    }
}
