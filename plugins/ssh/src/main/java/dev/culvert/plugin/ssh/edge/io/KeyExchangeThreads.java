package dev.culvert.plugin.ssh.edge.io;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.sshd.common.session.helpers.AbstractSession;
import org.apache.sshd.common.session.helpers.KeyExchangeMessageHandler;
import org.slf4j.Logger;

/// What had to wait for a key exchange is written by threads of a pool that all of SSHD shares. They are
/// virtual from now on: the pool is a field that subclasses reach, which is all that this one is for.
final class KeyExchangeThreads extends KeyExchangeMessageHandler {
    private static final ExecutorService VIRTUAL =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ssh-kex-", 0).factory());

    private KeyExchangeThreads(AbstractSession session, Logger log) {
        super(session, log);
    }

    static void makeVirtual() {
        flushRunner = VIRTUAL;
    }
}
