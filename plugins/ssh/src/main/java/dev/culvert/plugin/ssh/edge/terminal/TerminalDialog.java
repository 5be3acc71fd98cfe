package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.plugin.ssh.edge.host.HostDialog;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Asks the page, and waits for what it answers: at most [#PATIENCE], which is about what hosts give.
///
/// Thread-safe: one thread asks, another brings answers.
final class TerminalDialog implements HostDialog {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int MAX_BANNER = 8 * 1024;

    private final BrowserSocket socket;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long lastId;
    private boolean waitsForKey;
    private @Nullable Boolean accepted;
    private @Nullable List<String> answers;
    private final StringBuilder banner = new StringBuilder();
    private boolean over;

    TerminalDialog(BrowserSocket socket) {
        this.socket = socket;
    }

    @Override
    public void authenticating() {
        say(ServerMessage.state("authenticating"));
    }

    @Override
    public void changed(ShownKey key) {
        say(ServerMessage.hostKey(key, "changed"));
    }

    @Override
    public boolean trust(ShownKey key) throws InterruptedException {
        lock.lock();
        try {
            waitsForKey = true;
            accepted = null;
            say(ServerMessage.hostKey(key, "new"));
            long left = PATIENCE.toNanos();
            while (accepted == null && !over && left > 0) {
                left = changed.awaitNanos(left);
            }
            return Boolean.TRUE.equals(accepted);
        } finally {
            waitsForKey = false;
            lock.unlock();
        }
    }

    @Override
    public @Nullable List<String> ask(Question question) throws InterruptedException {
        lock.lock();
        try {
            lastId++;
            answers = null;
            say(ServerMessage.prompt(lastId, question));
            long left = PATIENCE.toNanos();
            while (answers == null && !over && left > 0) {
                left = changed.awaitNanos(left);
            }
            return answers;
        } finally {
            answers = null;
            lock.unlock();
        }
    }

    @Override
    public void banner(String text) {
        lock.lock();
        try {
            banner.append(text, 0, Math.min(text.length(), MAX_BANNER - banner.length()));
        } finally {
            lock.unlock();
        }
    }

    /// What the host has said before the sign-in, for a terminal: its lines, and nothing that a terminal obeys.
    String banner() {
        lock.lock();
        try {
            return banner.toString()
                    .replaceAll("[\\p{Cc}\\p{Cf}&&[^\n\t]]", "")
                    .replace("\n", "\r\n");
        } finally {
            lock.unlock();
        }
    }

    void answered(ClientMessage.Answer answer) {
        lock.lock();
        try {
            if (answer.id() == lastId) {
                answers = answer.answers();
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    void decided(boolean accept) {
        lock.lock();
        try {
            if (waitsForKey) {
                accepted = accept;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Nobody answers any more.
    void end() {
        lock.lock();
        try {
            over = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void say(String message) {
        try {
            socket.text(message);
        } catch (IOException e) {
            // The page is gone, which its reading side finds.
            end();
        }
    }
}
