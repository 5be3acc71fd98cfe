package dev.culvert.plugin.ssh.edge.gateway;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.kex.KexState;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/// One of the two sessions of a relay, as something to send messages to.
///
/// SSHD queues what is sent, without a bound: for the wire, and for the end of a key exchange. So what it has of us
/// is counted, and whoever brings more waits *before* it reads on, in [#awaitRoom], while more than [#ROOM] bytes
/// are on their way. The one exception: a session that is exchanging keys goes on reading, since the exchange ends
/// by a message that has to be read, and both sessions may be exchanging keys at once. Then the windows bound it,
/// which grow by messages alone, and [#LIMIT] ends a session whose peer promises more than it takes.
///
/// Thread-safe: one lock.
final class RelayEnd {
    static final int ROOM = 256 * 1024;
    static final int LIMIT = 16 * 1024 * 1024;

    /// What a message takes besides its bytes, about: small ones count too.
    private static final int OVERHEAD = 256;

    private static final long LOOK_MILLIS = 100;

    private final Session session;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long underWay;

    RelayEnd(Session session) {
        this.session = session;
        session.addCloseFutureListener(closed -> add(0));
    }

    Session session() {
        return session;
    }

    boolean isOpen() {
        return session.isOpen();
    }

    /// A message to be filled in and sent.
    ///
    /// @param size of what follows the number, about
    Buffer message(int command, int size) {
        return session.createBuffer((byte) command, size + Long.BYTES);
    }

    /// Never waits.
    void send(Buffer message) throws IOException {
        int cost = message.available() + OVERHEAD;
        if (add(cost) > LIMIT) {
            throw new IOException("a peer takes nothing: " + LIMIT + " bytes wait for it");
        }
        session.writePacket(message).addListener(written -> add(-cost));
    }

    /// Waits until what was sent is on its way, or the session over.
    ///
    /// @param from where more has been read
    void awaitRoom(RelayEnd from) throws InterruptedException {
        lock.lock();
        try {
            while (underWay > ROOM && isOpen() && from.isOpen() && !from.isExchangingKeys()) {
                // Whether keys are exchanged there is looked at now and then: nobody tells.
                changed.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean isExchangingKeys() {
        return session.getKexState() != KexState.DONE;
    }

    private long add(long bytes) {
        lock.lock();
        try {
            underWay += bytes;
            changed.signalAll();
            return underWay;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the session with words for people.
    void disconnect(String reason) {
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_BY_APPLICATION, reason);
        } catch (IOException e) {
            session.close(true);
        }
    }
}
