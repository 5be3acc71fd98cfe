package dev.culvert.plugin.desktop.guacd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Why something ends: the first reason there is. Thread-safe.
final class Stop {
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();
    private @Nullable Ending why;

    /// @return whether it is this one that counts
    boolean end(Ending ending) {
        List<Runnable> due;
        synchronized (this) {
            if (why != null) {
                return false;
            }
            why = ending;
            due = List.copyOf(actions);
            actions.clear();
        }
        stopped.countDown();
        due.forEach(Runnable::run);
        return true;
    }

    /// Runs when it ends, at once when it has: on the thread that ends it, quick.
    void onEnd(Runnable action) {
        synchronized (this) {
            if (why == null) {
                actions.add(action);
                return;
            }
        }
        action.run();
    }

    synchronized @Nullable Ending why() {
        return why;
    }

    /// Waits for the end.
    ///
    /// @return whether it has come
    boolean await(Duration atMost) throws InterruptedException {
        return stopped.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }
}
