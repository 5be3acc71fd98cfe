package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.App;
import dev.culvert.edge.identity.Passkey;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.SoftwareAuthenticator;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.policy.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class OwnAccountTest {
    private static final String EMAIL = "ann@example.com";
    private static final String NEW_PASSWORD = "nine quiet badgers";

    @TempDir Path temp;
    private LocalSite site;
    private Accounts accounts;
    private User ann;
    private MemoryBrowser browser;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        accounts = site.accounts;
        ann = accounts.user(EMAIL);
        browser = site.browser().signIn(EMAIL, Accounts.PASSWORD).open(Paths.ACCOUNT);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void later() throws Exception {
        accounts.clock.move(Duration.ofMinutes(10));
        browser.open(Paths.ACCOUNT);
    }

    @Test
    void aNewPasswordNeedsTheOldOneAndEndsOtherSessions() throws Exception {
        site.browser().signIn(EMAIL, Accounts.PASSWORD);
        later();
        browser.submit("/password", "current", "wrong", "password", NEW_PASSWORD);
        assertThat(browser.status).isEqualTo(403);
        browser.submit("/password", "current", Accounts.PASSWORD, "password", "short");
        assertThat(browser.status).isEqualTo(400);
        assertThat(browser.notice()).startsWith("The password has 5 characters");
        assertThat(site.sessions.living()).hasSize(2);
        browser.submit("/password", "current", Accounts.PASSWORD, "password", NEW_PASSWORD);
        assertThat(browser.notice())
                .isEqualTo("The password is changed. One other session of yours has ended.");
        assertThat(browser.open(Paths.ACCOUNT).title()).isEqualTo("Password and passkeys");
        assertThat(site.sessions.living()).hasSize(1);
        assertThat(accounts.passwords.isRight(ann.id(), NEW_PASSWORD)).isTrue();
        assertThat(site.outcomes()).endsWith("wrong_password", "password_changed");
    }

    @Test
    void guessingTheOldPasswordIsSlowedDown() throws Exception {
        for (int i = 0; i < 5; i++) {
            browser.submit("/password", "current", "wrong", "password", NEW_PASSWORD);
        }
        browser.submit("/password", "current", Accounts.PASSWORD, "password", NEW_PASSWORD);
        assertThat(browser.status).isEqualTo(429);
        assertThat(accounts.passwords.isRight(ann.id(), Accounts.PASSWORD)).isTrue();
    }

    @Test
    void anAuthenticatorIsOnOnceItsCodeIsRight() throws Exception {
        browser.submit("/totp/begin");
        App app = new App(browser.page.select(".setup code").text(), accounts.clock);
        assertThat(browser.page.select(".setup > svg")).hasSize(1);
        browser.submit("/totp/finish", "code", app.wrongCode());
        assertThat(browser.status).isEqualTo(400);
        assertThat(accounts.users.byId(ann.id()).orElseThrow().hasTotp()).isFalse();
        browser.submit("/totp/finish", "code", app.code());
        assertThat(browser.notice()).isEqualTo("The authenticator is on.");
        List<String> codes = browser.page.select(".codes code").eachText();
        assertThat(codes).hasSize(10);
        assertThat(browser.open(Paths.ACCOUNT).page.select(".codes code")).isEmpty();
        assertThat(site.browser().signIn(EMAIL, Accounts.PASSWORD).title())
                .isEqualTo("Enter your code");
        assertThat(accounts.recoveryCodes.use(ann.id(), codes.get(3))).isTrue();
        assertThat(site.audited()).doesNotContain(codes);
    }

    @Test
    void theAuthenticatorGoesWithThePasswordOnly() throws Exception {
        browser.submit("/totp/begin");
        App app = new App(browser.page.select(".setup code").text(), accounts.clock);
        browser.submit("/totp/finish", "code", app.code()).open(Paths.ACCOUNT);
        browser.submit("/totp/remove", "password", "");
        assertThat(browser.status).isEqualTo(403);
        browser.submit("/recovery-codes", "password", "wrong");
        assertThat(browser.status).isEqualTo(403);
        browser.submit("/recovery-codes", "password", Accounts.PASSWORD);
        assertThat(browser.page.select(".codes code")).hasSize(10);
        browser.open(Paths.ACCOUNT).submit("/totp/remove", "password", Accounts.PASSWORD);
        assertThat(browser.notice()).isEqualTo("The authenticator is off.");
        assertThat(accounts.recoveryCodes.left(ann.id())).isZero();
        assertThat(site.outcomes())
                .contains("authenticator_added", "recovery_codes_made", "authenticator_removed");
    }

    private JsonNode add(SoftwareAuthenticator key, String name) throws Exception {
        JsonNode options = browser.script(Paths.ACCOUNT + "/passkeys/options", "{}");
        byte[] challenge = Base64.getUrlDecoder().decode(options.path("challenge").asString(""));
        return browser.script(
                Paths.ACCOUNT + "/passkeys/add",
                "{\"name\":\""
                        + name
                        + "\",\"credential\":"
                        + key.create(ann.id(), challenge)
                        + "}");
    }

    @Test
    void aPasskeyIsAddedRenamedAndRemoved() throws Exception {
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        assertThat(add(key, "Laptop").path("next").asString("")).isEqualTo(Paths.ACCOUNT);
        browser.open(Paths.ACCOUNT).submit("/passkeys/rename", "name", "Phone");
        assertThat(browser.notice()).isEqualTo("The passkey is renamed.");
        assertThat(accounts.passkeys.list(ann.id()))
                .extracting(Passkey::name)
                .containsExactly("Phone");
        browser.submit("/passkeys/remove");
        assertThat(browser.notice()).isEqualTo("The passkey is removed.");
        assertThat(accounts.passkeys.list(ann.id())).isEmpty();
        assertThat(site.outcomes())
                .containsExactly(
                        "signed_in", "passkey_added", "passkey_renamed", "passkey_removed");
    }

    @Test
    void aPasskeyOfAnotherOriginOrASecondTimeIsNotAdded() throws Exception {
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        key.origin = "https://evil.example";
        assertThat(add(key, "Evil").at("/error/message").asString("")).contains("not accepted");
        key.origin = MemoryBrowser.ORIGIN;
        add(key, "Laptop");
        add(key, "Again");
        assertThat(browser.status).isEqualTo(400);
        browser.script(Paths.ACCOUNT + "/passkeys/add", "{}");
        assertThat(browser.status).isEqualTo(400);
        assertThat(accounts.passkeys.list(ann.id())).hasSize(1);
    }

    @Test
    void tenMinutesAfterSigningInItIsAskedForAgain() throws Exception {
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        add(key, "Laptop");
        later();
        add(key, "Phone");
        assertThat(browser.status).isEqualTo(400);
        for (String form : List.of("/totp/begin", "/passkeys/rename", "/passkeys/remove")) {
            browser.open(Paths.ACCOUNT).submit(form, "name", "Other");
            assertThat(browser.status).isEqualTo(403);
            assertThat(browser.title()).isEqualTo("Sign in again to change this");
        }
        assertThat(accounts.passkeys.list(ann.id()))
                .extracting(Passkey::name)
                .containsExactly("Laptop");
        browser.open(browser.page.select("main a").attr("href"));
        browser.submit("/local", "email", EMAIL, "password", Accounts.PASSWORD);
        assertThat(browser.path).isEqualTo(Paths.ACCOUNT);
        assertThat(browser.submit("/passkeys/remove").status).isEqualTo(200);
    }

    @Test
    void othersPasskeysAreNotThere() throws Exception {
        User bob = accounts.user("bob@example.com");
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        byte[] challenge = new byte[32];
        accounts.passkeys.register(
                bob.id(), "Bob's", key.create(bob.id(), challenge), challenge, Accounts.AUTHORITY);
        browser.post(
                Paths.ACCOUNT + "/passkeys/remove", Map.of("csrf", browser.csrf(), "id", key.id()));
        assertThat(browser.status).isEqualTo(404);
        assertThat(accounts.passkeys.list(bob.id())).hasSize(1);
    }

    @Test
    void aFormWithoutThePagesTokenIsRefused() throws Exception {
        browser.post(
                Paths.ACCOUNT + "/password",
                Map.of("current", Accounts.PASSWORD, "password", NEW_PASSWORD));
        assertThat(browser.status).isEqualTo(403);
        assertThat(accounts.passwords.isRight(ann.id(), Accounts.PASSWORD)).isTrue();
    }

    @Test
    void whoCameFromAnIdentityProviderHasNothingToChangeHere() throws Exception {
        Identity other =
                new Identity("4711", EMAIL, "Ann", "google", List.of(), List.of(), Map.of());
        String secret =
                site.sessions
                        .begin(Session.Kind.BROWSER, other, "192.0.2.7", "", Duration.ofHours(1))
                        .secret();
        browser = site.browser();
        browser.cookies.put(SignIn.SESSION_COOKIE, secret);
        browser.open(Paths.ACCOUNT);
        assertThat(browser.status).isEqualTo(200);
        assertThat(browser.page.select("input[type=password]")).isEmpty();
    }
}
