package dev.culvert.edge.signin;

import dev.culvert.plugin.edge.OneLine;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Mails on their way to the server: at most 1000 that wait, four at a time, each tried four times within
/// five minutes. Whoever asks does not wait. Kept in memory only; [#close] drops what waits. Thread-safe.
public final class MailQueue implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(MailQueue.class);
    private static final int MAX_WAITING = 1000;
    private static final int AT_A_TIME = 4;
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(5), Duration.ofMinutes(1), Duration.ofMinutes(3));
    private static final int MAX_REASON = 300;

    private final MailServer server;
    private final List<Duration> pauses;
    private final Semaphore waiting = new Semaphore(MAX_WAITING);
    private final Semaphore turns = new Semaphore(AT_A_TIME, true);
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("mail-", 0).factory());

    /// @param name of the edge, for the greeting
    /// @throws IOException when the system's certificates cannot be read
    public MailQueue(MailConfig config, String name, InstantSource clock) throws IOException {
        this(new MailServer(config, name, clock), PAUSES);
    }

    /// @param pauses before each further try
    MailQueue(MailServer server, List<Duration> pauses) {
        this.server = server;
        this.pauses = pauses;
    }

    /// What becomes of a mail, told on the queue's threads.
    interface Delivery {
        /// Whether it is to be sent at all. Asked here, so that who asks for a mail cannot tell from the
        /// time it takes.
        boolean isWanted();

        /// The server has it.
        void taken();

        /// It will not be sent.
        void failed(String reason);
    }

    /// Puts a mail into the queue.
    void send(Mail mail, Delivery delivery) {
        if (!waiting.tryAcquire()) {
            failed(mail, delivery, MAX_WAITING + " mails are waiting already");
            return;
        }
        threads.execute(() -> {
            try {
                if (delivery.isWanted()) {
                    deliver(mail, delivery);
                }
            } catch (InterruptedException e) {
                failed(mail, delivery, "the edge is ending");
            } finally {
                waiting.release();
            }
        });
    }

    private void deliver(Mail mail, Delivery delivery) throws InterruptedException {
        for (int tries = 0; ; tries++) {
            try {
                inTurn(mail);
                delivery.taken();
                return;
            } catch (MessagingException e) {
                if (tries == pauses.size() || MailServer.isFinal(e)) {
                    failed(mail, delivery, reason(e));
                    return;
                }
                log.debug("Mail is tried again to={} reason={}", mail.to(), reason(e));
                Thread.sleep(pauses.get(tries));
            }
        }
    }

    private void inTurn(Mail mail) throws MessagingException, InterruptedException {
        turns.acquire();
        try {
            server.send(mail);
        } finally {
            turns.release();
        }
    }

    private static void failed(Mail mail, Delivery delivery, String reason) {
        log.warn("Mail could not be sent to={} reason={}", mail.to(), reason);
        delivery.failed(reason);
    }

    private static String reason(MessagingException failure) {
        StringBuilder text = new StringBuilder();
        for (Exception e = failure; e != null; ) {
            text.append(text.isEmpty() ? "" : ": ").append(e.getMessage());
            e = e instanceof MessagingException m ? m.getNextException() : null;
        }
        return OneLine.spaced(text.toString(), MAX_REASON);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
