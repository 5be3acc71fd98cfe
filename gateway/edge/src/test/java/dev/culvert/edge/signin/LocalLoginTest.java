package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.App;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.SoftwareAuthenticator;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.policy.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class LocalLoginTest {
    private static final String EMAIL = "ann@example.com";
    private static final String WRONG = "The e-mail address or the password is not right.";

    @TempDir Path temp;
    private LocalSite site;
    private Accounts accounts;
    private User ann;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        accounts = site.accounts;
        ann = accounts.user(EMAIL);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private App withApp() throws Exception {
        TotpSecrets.Offer offer = accounts.totp.offer(ann);
        App app = new App(offer.secret(), accounts.clock);
        assertThat(accounts.totp.accept(ann.id(), offer, app.code())).isTrue();
        accounts.clock.move(Duration.ofSeconds(30));
        return app;
    }

    private Identity signedIn() {
        List<Session> living = site.sessions.living();
        assertThat(living).hasSize(1);
        return living.getFirst().identity();
    }

    @Test
    void aRightPasswordSignsIn() throws Exception {
        MemoryBrowser browser = site.browser().signIn("Ann@Example.com", Accounts.PASSWORD);
        assertThat(browser.title()).isEqualTo("Launcher");
        assertThat(signedIn())
                .isEqualTo(
                        new Identity(
                                ann.id().toString(),
                                EMAIL,
                                "Ann",
                                "local",
                                List.of("pwd"),
                                List.of(),
                                Map.of()));
        assertThat(site.outcomes()).containsExactly("signed_in");
    }

    @Test
    void whoWasChangedWhileSigningInHasToBeginAgain() throws Exception {
        App app = withApp();
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        assertThat(browser.title()).isEqualTo("Enter your code");
        accounts.clock.move(Duration.ofSeconds(1));
        accounts.passwords.change(ann.id(), "nine quiet badgers");
        browser.submit("/code", "code", app.code());
        assertThat(browser.status).isEqualTo(401);
        assertThat(browser.title()).isEqualTo("Sign in once more");
        assertThat(site.sessions.living()).isEmpty();
    }

    @Test
    void aFormThatIsHeldBackHasTheRightsOfWhenItCame() throws Exception {
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD).open(Paths.ACCOUNT);
        browser.meanwhile = () -> site.sessions.endAllOf(EMAIL);
        browser.submit("/password", "current", Accounts.PASSWORD, "password", "nine quiet badgers");
        assertThat(browser.title()).isEqualTo("Sign in");
        assertThat(accounts.passwords.isRight(ann.id(), Accounts.PASSWORD)).isTrue();
    }

    @Test
    void theBrowserGoesWhereItWasGoing() throws Exception {
        MemoryBrowser browser = site.browser().open(Paths.ACCOUNT);
        assertThat(browser.title()).isEqualTo("Sign in");
        browser.submit("/local", "email", EMAIL, "password", Accounts.PASSWORD);
        assertThat(browser.path).isEqualTo(Paths.ACCOUNT);
    }

    @Test
    void everythingThatIsWrongIsSaidAlike() throws Exception {
        accounts.users.create("none@example.com", "Has no password", false);
        User out = accounts.user("out@example.com");
        accounts.users.disable(out.id());
        for (String email : List.of(EMAIL, "nobody@example.com", "none@example.com", "x", "")) {
            MemoryBrowser browser = site.browser().signIn(email, "not the password");
            assertThat(browser.status).isEqualTo(401);
            assertThat(browser.notice()).isEqualTo(WRONG);
            assertThat(browser.isSignedIn()).isFalse();
        }
        MemoryBrowser disabled = site.browser().signIn("out@example.com", Accounts.PASSWORD);
        assertThat(disabled.notice()).isEqualTo(WRONG);
        assertThat(site.outcomes()).containsOnly("failed").hasSize(6);
        assertThat(site.sessions.living()).isEmpty();
    }

    @Test
    void aPasswordTypedAsTheAddressIsNotWrittenDown() throws Exception {
        site.browser().signIn(Accounts.PASSWORD, "");
        site.browser().signIn(EMAIL, "wrong " + Accounts.PASSWORD);
        assertThat(site.audited()).contains("failed").doesNotContain(Accounts.PASSWORD);
    }

    @Test
    void withAnAppTheCodeIsAskedForAndOnlyThenSignedIn() throws Exception {
        App app = withApp();
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        assertThat(browser.title()).isEqualTo("Enter your code");
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(browser.open("/").title()).isEqualTo("Sign in");
        browser.signIn(EMAIL, Accounts.PASSWORD).submit("/code", "code", app.wrongCode());
        assertThat(browser.status).isEqualTo(401);
        assertThat(browser.notice()).contains("not right");
        browser.submit("/code", "code", app.code());
        assertThat(browser.title()).isEqualTo("Launcher");
        assertThat(signedIn().amr()).containsExactly("pwd", "otp", "mfa");
    }

    @Test
    void aCodeIsGoodForOneSignIn() throws Exception {
        App app = withApp();
        site.browser().signIn(EMAIL, Accounts.PASSWORD).submit("/code", "code", app.code());
        MemoryBrowser second = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        assertThat(second.submit("/code", "code", app.code()).status).isEqualTo(401);
        assertThat(site.sessions.living()).hasSize(1);
    }

    @Test
    void withoutARightPasswordNoCodeIsAskedFor() throws Exception {
        App app = withApp();
        MemoryBrowser browser = site.browser().signIn(EMAIL, "wrong password");
        browser.post(LocalLogin.PATH + "/code", Map.of("csrf", browser.csrf(), "code", app.code()));
        assertThat(browser.title()).isEqualTo("Sign in");
        assertThat(browser.isSignedIn()).isFalse();
        assertThat(browser.open(LocalLogin.PATH + "/recovery").title()).isEqualTo("Sign in");
    }

    @Test
    void aRecoveryCodeIsGoodInsteadOnce() throws Exception {
        withApp();
        String code = accounts.recoveryCodes.replace(ann.id()).getFirst();
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        browser.open(browser.page.select("a[href$=/recovery]").attr("href"));
        assertThat(browser.submit("/recovery", "code", code).title()).isEqualTo("Launcher");
        browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        browser.open(LocalLogin.PATH + "/recovery").submit("/recovery", "code", code);
        assertThat(browser.status).isEqualTo(401);
    }

    @Test
    void whoWasDisabledBeforeTheCodeDoesNotGetIn() throws Exception {
        App app = withApp();
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        accounts.users.disable(ann.id());
        browser.submit("/code", "code", app.code());
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void theCodesStepIsOverWithTheAttempt() throws Exception {
        App app = withApp();
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        accounts.clock.move(Duration.ofMinutes(11));
        assertThat(browser.submit("/code", "code", app.code()).title())
                .isEqualTo("This took too long");
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void guessingIsSlowedDownAlikeForWhoIsThereAndWhoIsNot() throws Exception {
        for (String email : List.of(EMAIL, "nobody@example.com")) {
            MemoryBrowser browser = site.browser();
            List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                statuses.add(browser.signIn(email, "wrong " + i).status);
            }
            assertThat(statuses).containsExactly(401, 401, 401, 401, 401, 429, 429);
            assertThat(browser.notice())
                    .isEqualTo("Too many tries. Wait 2 seconds, then try again.");
        }
        MemoryBrowser owner = site.browser();
        assertThat(owner.signIn(EMAIL, Accounts.PASSWORD).status).isEqualTo(429);
        owner.address = "203.0.113.9";
        assertThat(owner.signIn(EMAIL, Accounts.PASSWORD).title()).isEqualTo("Launcher");
        accounts.clock.move(Duration.ofSeconds(2));
        assertThat(site.browser().signIn(EMAIL, Accounts.PASSWORD).title()).isEqualTo("Launcher");
    }

    @Test
    void guessingCodesIsSlowedDownAcrossAttempts() throws Exception {
        App app = withApp();
        for (int i = 0; i < 5; i++) {
            MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
            assertThat(browser.submit("/code", "code", app.wrongCode()).status).isEqualTo(401);
        }
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        assertThat(browser.submit("/code", "code", app.code()).status).isEqualTo(429);
        assertThat(browser.isSignedIn()).isFalse();
    }

    @Test
    void aFormThatIsNotThePagesOwnIsRefused() throws Exception {
        MemoryBrowser browser = site.browser().open(Paths.SIGN_IN);
        Map<String, String> fields = Map.of("email", EMAIL, "password", Accounts.PASSWORD);
        assertThat(browser.post(LocalLogin.PATH, fields).status).isEqualTo(403);
        assertThat(site.sessions.living()).isEmpty();
    }

    @Test
    void signingInReplacesASessionTheBrowserHad() throws Exception {
        MemoryBrowser browser = site.browser().signIn(EMAIL, Accounts.PASSWORD);
        String before = browser.cookies.get(SignIn.SESSION_COOKIE);
        browser.open(Paths.SIGN_IN).submit("/local", "email", EMAIL, "password", Accounts.PASSWORD);
        assertThat(browser.cookies.get(SignIn.SESSION_COOKIE)).isNotEqualTo(before);
        assertThat(site.sessions.living()).hasSize(1);
    }

    private SoftwareAuthenticator passkey() throws Exception {
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        byte[] challenge = new byte[32];
        accounts.passkeys.register(
                ann.id(), "Key", key.create(ann.id(), challenge), challenge, Accounts.AUTHORITY);
        return key;
    }

    private byte[] challenge(MemoryBrowser browser) throws Exception {
        JsonNode options = browser.script(LocalLogin.PATH + "/passkey/options", "{}");
        assertThat(browser.status).isEqualTo(200);
        return Base64.getUrlDecoder().decode(options.path("challenge").asString(""));
    }

    @Test
    void aPasskeySignsInWithoutANameOrACode() throws Exception {
        withApp();
        SoftwareAuthenticator key = passkey();
        MemoryBrowser browser = site.browser().open(Paths.SIGN_IN);
        byte[] challenge = challenge(browser);
        JsonNode answer =
                browser.script(LocalLogin.PATH + "/passkey/finish", key.get(ann.id(), challenge));
        assertThat(answer.path("next").asString("")).isEqualTo("/");
        assertThat(browser.open("/").title()).isEqualTo("Launcher");
        assertThat(signedIn().amr()).containsExactly("hwk", "mfa");
    }

    @Test
    void aPasskeysAnswerIsGoodOnceAndForTheBrowserThatAsked() throws Exception {
        SoftwareAuthenticator key = passkey();
        MemoryBrowser browser = site.browser().open(Paths.SIGN_IN);
        MemoryBrowser thief = site.browser().open(Paths.SIGN_IN);
        String answer = key.get(ann.id(), challenge(browser));
        challenge(thief);
        thief.script(LocalLogin.PATH + "/passkey/finish", answer);
        assertThat(thief.status).isEqualTo(401);
        thief.script(LocalLogin.PATH + "/passkey/finish", answer);
        assertThat(thief.status).isEqualTo(400);
        browser.script(LocalLogin.PATH + "/passkey/finish", answer);
        assertThat(browser.status).isEqualTo(200);
        browser.open(Paths.SIGN_IN);
        browser.script(LocalLogin.PATH + "/passkey/finish", answer);
        assertThat(browser.status).isEqualTo(400);
        assertThat(site.sessions.living()).hasSize(1);
    }

    @Test
    void whatIsWrongWithAPasskeyIsWrittenDownButNotTold() throws Exception {
        SoftwareAuthenticator key = passkey();
        accounts.users.disable(ann.id());
        MemoryBrowser browser = site.browser().open(Paths.SIGN_IN);
        JsonNode answer =
                browser.script(
                        LocalLogin.PATH + "/passkey/finish", key.get(ann.id(), challenge(browser)));
        assertThat(browser.status).isEqualTo(401);
        assertThat(answer.at("/error/message").asString(""))
                .isEqualTo("This passkey was not accepted.");
        assertThat(site.audited()).contains("its user is disabled");
    }
}
