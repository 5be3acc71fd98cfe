package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.pages.CodePage;
import dev.culvert.edge.signin.MailConfig.Security;
import dev.culvert.edge.signin.TestBrowser.Outcome;
import dev.culvert.edge.testing.SmtpSink;
import dev.culvert.edge.testing.SmtpSink.Taken;
import dev.culvert.policy.Identity;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Against a real mail server on loopback.
final class PinLoginTest {
    private final AtomicReference<Instant> now =
            new AtomicReference<>(Instant.parse("2026-11-29T02:03:04Z"));
    private final InstantSource clock = now::get;
    private final BlockingQueue<AuditEvent> audited = new LinkedBlockingQueue<>();
    private SmtpSink sink;
    private MailQueue mails;
    private PinLogin pin;
    private TestBrowser browser;

    @BeforeEach
    void start() throws Exception {
        sink = SmtpSink.plain();
        MailConfig config =
                new MailConfig(
                        "localhost",
                        sink.port(),
                        Security.NONE,
                        "Culvert <culvert@example.com>",
                        null,
                        null,
                        List.of());
        mails = new MailQueue(config, "auth.example.com", clock);
        pin =
                new PinLogin(
                        new PinConfig(Set.of("example.com"), Set.of("bob@b.test")),
                        mails,
                        audited::add,
                        clock);
        browser = new TestBrowser(pin);
    }

    @AfterEach
    void stop() throws Exception {
        mails.close();
        sink.close();
    }

    private static Outcome ask(TestBrowser browser, String email) throws Exception {
        return browser.post("", Map.of("email", email));
    }

    private static Outcome type(TestBrowser browser, String code) throws Exception {
        return browser.post("/code", Map.of("code", code));
    }

    private AuditEvent audited() throws InterruptedException {
        AuditEvent event = audited.poll(30, TimeUnit.SECONDS);
        assertThat(event).isNotNull();
        return event;
    }

    /// Another code than this one.
    private static String wrong(String code) {
        return (code.charAt(0) == '9' ? '0' : (char) (code.charAt(0) + 1)) + code.substring(1);
    }

    @Test
    void signsInWithTheCodeOfTheMail() throws Exception {
        assertThat(ask(browser, " Ann@Example.com ").redirect()).isEqualTo(browser.url("/code"));
        Outcome form = browser.get("/code");
        assertThat(form.status()).isEqualTo(200);
        CodePage page = (CodePage) form.page();
        assertThat(page.sentTo()).isEqualTo("ann@example.com");
        assertThat(page.url()).isEqualTo(browser.url("/code"));
        assertThat(page.csrf()).isEqualTo(browser.attempt.csrf());

        String code = sink.next().code();
        assertThat(type(browser, code.substring(0, 3) + " " + code.substring(3)).identity())
                .isEqualTo(
                        new Identity(
                                "pin:ann@example.com",
                                "ann@example.com",
                                "ann@example.com",
                                "pin",
                                List.of("otp"),
                                List.of(),
                                Map.of()));
        assertThat(audited().outcome()).isEqualTo("code_sent");
    }

    @Test
    void theMailSaysWhatTheCodeIsForAndWhoAsked() throws Exception {
        ask(browser, "bob@b.test");
        Taken mail = sink.next();
        assertThat(mail.from()).isEqualTo("culvert@example.com");
        assertThat(mail.to()).isEqualTo("bob@b.test");
        assertThat(mail.header("From")).isEqualTo("Culvert <culvert@example.com>");
        assertThat(mail.header("Subject"))
                .isEqualTo("Your sign-in code for auth.example.com")
                .doesNotContain(mail.code());
        assertThat(mail.header("Auto-Submitted")).isEqualTo("auto-generated");
        assertThat(mail.header("Content-Type")).startsWith("text/plain");
        assertThat(mail.text())
                .contains("auth.example.com")
                .contains("29 November 2026, 02:03 UTC")
                .contains("from the address 192.0.2.1")
                .contains("Do not forward");
    }

    @Test
    void anAddressWithoutCodesHasTheSameAnswersAndNoMail() throws Exception {
        assertThat(ask(browser, "eve@evil.test").redirect()).isEqualTo(browser.url("/code"));
        AuditEvent event = audited();
        assertThat(event.outcome()).isEqualTo("failed");
        assertThat(event.actor()).isEqualTo("eve@evil.test");
        TestBrowser other = new TestBrowser(pin);
        ask(other, "ann@example.com");
        String code = sink.next().code();
        assertThat(sink.isEmpty()).isTrue();
        CodePage eve = (CodePage) browser.get("/code").page();
        CodePage ann = (CodePage) other.get("/code").page();
        assertThat(eve.sentTo()).isEqualTo("eve@evil.test");
        assertThat(
                        new CodePage(
                                eve.kind(),
                                ann.sentTo(),
                                eve.url(),
                                ann.csrf(),
                                eve.message(),
                                eve.resendUrl(),
                                eve.otherUrl(),
                                eve.backUrl()))
                .isEqualTo(ann);
        assertThat(type(browser, wrong(code)).text()).isEqualTo(type(other, wrong(code)).text());
    }

    @Test
    void anAddressWithoutCodesIsNotLetInByChance() throws Exception {
        ask(browser, "eve@evil.test");
        String made = PinCode.ofNote(browser.attempt.get("pin")).code();
        Outcome outcome = type(browser, made);
        assertThat(outcome.identity()).isNull();
        assertThat(outcome.text()).startsWith("That is not the code.");
    }

    @Test
    void aCodeIsOverAfterFiveWrongOnes() throws Exception {
        ask(browser, "ann@example.com");
        String code = sink.next().code();
        assertThat(type(browser, wrong(code)).text())
                .isEqualTo("That is not the code. 4 more tries are left.");
        type(browser, wrong(code));
        type(browser, wrong(code));
        assertThat(type(browser, wrong(code)).text())
                .isEqualTo("That is not the code. One more try is left.");
        assertThat(type(browser, wrong(code)).text()).contains("for the fifth time");
        assertThat(type(browser, code).identity()).isNull();
        assertThat(browser.failures).hasSize(5).containsOnly("ann@example.com|wrong code");
    }

    @Test
    void manyTriesAtOnceAreNotMoreTries() throws Exception {
        ask(browser, "ann@example.com");
        String code = wrong(sink.next().code());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    type(browser, code);
                                } catch (Exception e) {
                                    throw new AssertionError(e);
                                }
                            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(browser.failures.size()).isBetween(1, 5);
    }

    @Test
    void aCodeCountsOnce() throws Exception {
        ask(browser, "ann@example.com");
        String code = sink.next().code();
        assertThat(type(browser, code).identity()).isNotNull();
        Outcome again = type(browser, code);
        assertThat(again.identity()).isNull();
        assertThat(again.text()).contains("no code to check");
    }

    @Test
    void aCodeIsOfNoUseInAnotherBrowser() throws Exception {
        ask(browser, "ann@example.com");
        String code = sink.next().code();
        TestBrowser other = new TestBrowser(pin);
        assertThat(type(other, code).identity()).isNull();
        ask(other, "ann@example.com");
        String others = sink.next().code();
        if (!others.equals(code)) {
            assertThat(type(other, code).text()).startsWith("That is not the code.");
        }
        assertThat(type(browser, code).identity()).isNotNull();
    }

    @Test
    void aCodeIsGoodForTenMinutes() throws Exception {
        ask(browser, "ann@example.com");
        String code = sink.next().code();
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(10)));
        Outcome outcome = type(browser, code);
        assertThat(outcome.identity()).isNull();
        assertThat(outcome.text()).contains("too old");
    }

    @Test
    void anotherCodeReplacesTheFirst() throws Exception {
        ask(browser, "ann@example.com");
        String first = sink.next().code();
        type(browser, wrong(first));
        assertThat(browser.post("/resend", Map.of()).redirect()).isEqualTo(browser.url("/code"));
        String second = sink.next().code();
        if (!second.equals(first)) {
            assertThat(type(browser, first).text())
                    .isEqualTo("That is not the code. 4 more tries are left.");
        }
        assertThat(type(browser, second).identity()).isNotNull();
        assertThat(new TestBrowser(pin).post("/resend", Map.of()).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann@example.com", "eve@evil.test"})
    void anAddressGetsFiveCodesThenOneEachHalfHour(String email) throws Exception {
        for (int i = 0; i < 5; i++) {
            TestBrowser other = new TestBrowser(pin, "192.0.2." + i);
            assertThat(ask(other, email).status()).isEqualTo(303);
        }
        TestBrowser late = new TestBrowser(pin, "192.0.2.77");
        assertThat(ask(late, email).status()).isEqualTo(429);
        assertThat(ask(late, "one@example.com").status()).isEqualTo(303);
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(30)));
        assertThat(ask(late, email).status()).isEqualTo(303);
        assertThat(ask(late, email).status()).isEqualTo(429);
    }

    @Test
    void whoHasSignedInMayAskAgain() throws Exception {
        for (int i = 0; i < 12; i++) {
            ask(browser, "ann@example.com");
            assertThat(type(browser, sink.next().code()).identity()).isNotNull();
        }
    }

    @Test
    void strangersUseUpNoCodesOfANetworkWhereTheAddressHasSignedIn() throws Exception {
        ask(browser, "ann@example.com");
        assertThat(type(browser, sink.next().code()).identity()).isNotNull();
        for (int i = 0; i < 5; i++) {
            assertThat(ask(new TestBrowser(pin, "198.51.100." + i), "ann@example.com").status())
                    .isEqualTo(303);
            sink.next();
        }
        TestBrowser stranger = new TestBrowser(pin, "198.51.100.77");
        assertThat(ask(stranger, "ann@example.com").status()).isEqualTo(429);

        ask(browser, "ann@example.com");
        assertThat(type(browser, sink.next().code()).identity()).isNotNull();
        assertThat(ask(stranger, "ann@example.com").status()).isEqualTo(429);
    }

    @Test
    void aNetworkWhereTheAddressHasSignedInHasFiveCodesToo() throws Exception {
        ask(browser, "ann@example.com");
        assertThat(type(browser, sink.next().code()).identity()).isNotNull();
        for (int i = 0; i < 5; i++) {
            assertThat(ask(browser, "ann@example.com").status()).isEqualTo(303);
        }
        assertThat(ask(browser, "ann@example.com").status()).isEqualTo(429);
        assertThat(ask(new TestBrowser(pin, "198.51.100.1"), "ann@example.com").status())
                .isEqualTo(303);
    }

    @Test
    void aNetworkMayAskForTwentyCodesThenForOneAMinute() throws Exception {
        for (int i = 0; i < 20; i++) {
            TestBrowser other = new TestBrowser(pin, "2001:db8::" + i);
            assertThat(ask(other, "user" + i + "@example.com").status()).isEqualTo(303);
        }
        TestBrowser late = new TestBrowser(pin, "2001:db8::ffff");
        assertThat(ask(late, "late@example.com").status()).isEqualTo(429);
        assertThat(ask(new TestBrowser(pin, "2001:db8:0:1::1"), "late@example.com").status())
                .isEqualTo(303);
        now.updateAndGet(t -> t.plus(Duration.ofMinutes(1)));
        assertThat(ask(late, "late@example.com").status()).isEqualTo(303);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ann", "ann@", "a@example.com\r\nBcc: eve@evil.test"})
    void whatIsNoAddressIsSaidSo(String text) throws Exception {
        Outcome outcome = ask(browser, text);
        assertThat(outcome.status()).isEqualTo(400);
        assertThat(outcome.text()).contains("whole e-mail address");
        assertThat(browser.attempt.get("pin")).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "12345", "1234567", "abcdef", "١٢٣٤٥٦"})
    void whatIsNoCodeCostsNoTry(String text) throws Exception {
        ask(browser, "ann@example.com");
        assertThat(type(browser, text).text()).isEqualTo("The code has six digits.");
        assertThat(type(browser, sink.next().code()).identity()).isNotNull();
        assertThat(browser.failures).isEmpty();
    }

    @Test
    void otherAddressesLeadBackToTheSignInPage() throws Exception {
        for (String rest : List.of("", "/code", "/resend", "/other")) {
            assertThat(browser.get(rest).redirect()).isEqualTo("/cdn-cgi/access/signin");
        }
    }

    @Test
    void aMailThatTheServerRefusesIsWrittenDownWithTheReason() throws Exception {
        sink.answer("RCPT", "550 no such user");
        ask(browser, "ann@example.com");
        AuditEvent event = audited();
        assertThat(event.outcome()).isEqualTo("mail_failed");
        assertThat(event.address()).isEqualTo("192.0.2.1");
        assertThat(event.requestId()).isEqualTo("request-1");
        assertThat(event.detail())
                .contains("no such user")
                .doesNotContain(PinCode.ofNote(browser.attempt.get("pin")).code());
    }
}
