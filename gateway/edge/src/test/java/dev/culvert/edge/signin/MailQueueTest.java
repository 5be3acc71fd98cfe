package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.signin.MailConfig.Security;
import dev.culvert.edge.testing.SmtpSink;
import dev.culvert.edge.testing.SmtpSink.Taken;
import dev.culvert.edge.testing.TestTls;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against a real mail server on loopback.
final class MailQueueTest {
    private static final Mail MAIL = new Mail("ann@example.com", "Grüße", "Zeile\n.Punkt\n");

    @TempDir static Path temp;
    private static TestTls tls;

    @BeforeAll
    static void makeAuthority() throws Exception {
        tls = new TestTls(temp);
    }

    private static MailQueue queue(
            SmtpSink sink, String host, Security security, List<X509Certificate> roots)
            throws Exception {
        MailConfig config =
                new MailConfig(
                        host,
                        sink.port(),
                        security,
                        "culvert@example.com",
                        "culvert",
                        new Secret("pässword"),
                        roots);
        return new MailQueue(
                new MailServer(config, "auth.example.com", InstantSource.system()),
                List.of(Duration.ZERO, Duration.ZERO));
    }

    /// `taken`, or why not.
    private static final class Fate implements MailQueue.Delivery {
        private final CompletableFuture<String> known = new CompletableFuture<>();

        @Override
        public boolean isWanted() {
            return true;
        }

        @Override
        public void taken() {
            known.complete("taken");
        }

        @Override
        public void failed(String reason) {
            known.complete(reason);
        }

        String get() throws Exception {
            return known.get(30, TimeUnit.SECONDS);
        }
    }

    private static String send(MailQueue queue) throws Exception {
        Fate fate = new Fate();
        queue.send(MAIL, fate);
        return fate.get();
    }

    @Test
    void encryptsAfterStartTlsAndSignsInThen() throws Exception {
        try (SmtpSink sink = new SmtpSink(tls.context(), false);
                MailQueue queue = queue(sink, "localhost", Security.STARTTLS, tls.roots())) {
            assertThat(send(queue)).isEqualTo("taken");
            Taken mail = sink.next();
            assertThat(mail.encrypted()).isTrue();
            assertThat(mail.user()).isEqualTo("culvert culvert pässword");
            assertThat(mail.header("Subject")).isEqualTo("=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=");
            assertThat(mail.text()).contains("\n.Punkt\n");
        }
    }

    @Test
    void encryptsFromTheFirstByte() throws Exception {
        try (SmtpSink sink = new SmtpSink(tls.context(), true);
                MailQueue queue = queue(sink, "localhost", Security.TLS, tls.roots())) {
            assertThat(send(queue)).isEqualTo("taken");
            assertThat(sink.next().encrypted()).isTrue();
        }
    }

    @Test
    void aServerWithoutStartTlsGetsNeitherMailNorPassword() throws Exception {
        try (SmtpSink sink = SmtpSink.plain();
                MailQueue queue = queue(sink, "localhost", Security.STARTTLS, tls.roots())) {
            assertThat(send(queue)).contains("STARTTLS is required");
            assertThat(sink.isEmpty()).isTrue();
        }
    }

    @Test
    void aServerThatRefusesStartTlsGetsNothing() throws Exception {
        try (SmtpSink sink = new SmtpSink(tls.context(), false);
                MailQueue queue = queue(sink, "localhost", Security.STARTTLS, tls.roots())) {
            sink.answer("STARTTLS", "454 not now", "454 not now", "454 not now");
            assertThat(send(queue)).isNotEqualTo("taken");
            assertThat(sink.isEmpty()).isTrue();
        }
    }

    @Test
    void aServerWhoseCertificateIsNotTrustedGetsNothing() throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            try (SmtpSink sink = new SmtpSink(tls.context(), first);
                    MailQueue queue =
                            queue(
                                    sink,
                                    "localhost",
                                    first ? Security.TLS : Security.STARTTLS,
                                    List.of())) {
                assertThat(send(queue)).isNotEqualTo("taken");
                assertThat(sink.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void aServerWithACertificateForAnotherNameGetsNothing() throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            try (SmtpSink sink = new SmtpSink(tls.contextFor("other.localhost"), first);
                    MailQueue queue =
                            queue(
                                    sink,
                                    "localhost",
                                    first ? Security.TLS : Security.STARTTLS,
                                    tls.roots())) {
                assertThat(send(queue)).isNotEqualTo("taken");
                assertThat(sink.isEmpty()).isTrue();
            }
        }
    }

    @Test
    void triesAgainWhenTheServerIsBusy() throws Exception {
        try (SmtpSink sink = SmtpSink.plain();
                MailQueue queue = queue(sink, "localhost", Security.NONE, List.of())) {
            sink.answer("RCPT", "451 try later", "451 try later");
            assertThat(send(queue)).isEqualTo("taken");
            sink.answer("RCPT", "451 try later", "451 try later", "451 try later");
            assertThat(send(queue)).contains("try later");
        }
    }

    @Test
    void doesNotTryAgainWhatIsRefusedForGood() throws Exception {
        try (SmtpSink sink = SmtpSink.plain();
                MailQueue queue = queue(sink, "localhost", Security.NONE, List.of())) {
            sink.answer("RCPT", "550 no such user");
            assertThat(send(queue)).contains("no such user");
            sink.answer("AUTH", "535 wrong password");
            assertThat(send(queue)).contains("535 wrong password").doesNotContain("pässword");
            assertThat(sink.isEmpty()).isTrue();
        }
    }

    @Test
    void aServerThatIsAwayIsSaidSo() throws Exception {
        SmtpSink gone = SmtpSink.plain();
        gone.close();
        try (MailQueue queue = queue(gone, "localhost", Security.NONE, List.of())) {
            assertThat(send(queue)).contains("localhost");
        }
    }

    @Test
    void moreThanAThousandDoNotWait() throws Exception {
        CountDownLatch wait = new CountDownLatch(1);
        try (SmtpSink sink = SmtpSink.plain();
                MailQueue queue = queue(sink, "localhost", Security.NONE, List.of())) {
            for (int i = 0; i < 1000; i++) {
                queue.send(MAIL, new Held(wait));
            }
            assertThat(send(queue)).contains("1000 mails are waiting");
            wait.countDown();
        }
    }

    private record Held(CountDownLatch latch) implements MailQueue.Delivery {
        @Override
        public boolean isWanted() {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return false;
        }

        @Override
        public void taken() {}

        @Override
        public void failed(String reason) {}
    }
}
