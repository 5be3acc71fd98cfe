package dev.culvert.plugin.ssh.edge.io;

import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/// The one thread that all clients and servers share for their deadlines and keep-alives, so that SSHD makes
/// none for each. What it runs is short and never waits for a peer.
public final class SessionTimer {
    private SessionTimer() {}

    /// To be shut down by whoever starts it, after the clients and servers.
    public static ScheduledExecutorService start() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("ssh-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
