package dev.culvert.gateway;

import java.util.concurrent.CountDownLatch;

/// Turns SIGTERM and SIGINT into an orderly end: the waiting thread is released, cleans up, and only
/// then the process goes. A second signal ends the process at once.
///
/// Thread-safe.
final class Termination {
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    Termination() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    asked.countDown();
                                    try {
                                        done.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "termination"));
    }

    /// Ends the wait of [#await] as a signal would.
    void ask() {
        asked.countDown();
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /// Everything is cleaned up.
    void finished() {
        done.countDown();
    }
}
