package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.App;
import dev.culvert.edge.identity.FirstAdmin;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WelcomeTest {
    private static final String PASSWORD = "nine quiet badgers";

    @TempDir Path temp;
    private LocalSite site;
    private Accounts accounts;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        accounts = site.accounts;
    }

    @AfterEach
    void close() {
        site.close();
    }

    private MemoryBrowser opened(String token) throws Exception {
        return site.browser().open(FirstAdmin.PATH + token);
    }

    @Test
    void theFirstAdminMakesTheAccountAndIsShownHowToSecureIt() throws Exception {
        String link = FirstAdmin.link(accounts.invitations, MemoryBrowser.ORIGIN).orElseThrow();
        MemoryBrowser browser = site.browser().open(link);
        assertThat(browser.title()).isEqualTo("Welcome to your edge");
        assertThat(browser.path).isEqualTo(Paths.SIGN_IN + "/local/welcome");
        browser.submit("/welcome", "email", "Ann@Example.com", "name", "Ann", "password", PASSWORD);
        assertThat(browser.path).isEqualTo(Paths.ACCOUNT);
        assertThat(browser.title()).isEqualTo("Password and passkeys");
        User ann = accounts.users.byEmail("ann@example.com").orElseThrow();
        assertThat(ann.isAdmin()).isTrue();
        assertThat(site.outcomes()).containsExactly("first_admin_made", "signed_in");
        MemoryBrowser second = site.browser().open(link);
        assertThat(second.status).isEqualTo(404);
        assertThat(second.title()).isEqualTo("This link is not good any more");
    }

    @Test
    void whatIsNotAcceptedIsSaidAndTheLinkStaysGood() throws Exception {
        String link = FirstAdmin.link(accounts.invitations, MemoryBrowser.ORIGIN).orElseThrow();
        MemoryBrowser browser = site.browser().open(link);
        browser.submit("/welcome", "email", "ann@example.com", "name", "Ann", "password", "short");
        assertThat(browser.status).isEqualTo(400);
        assertThat(browser.notice()).startsWith("The password has 5 characters");
        assertThat(browser.page.select("input[name=email]").attr("value"))
                .isEqualTo("ann@example.com");
        assertThat(browser.page.select("input[name=password]").attr("value")).isEmpty();
        browser.submit("/welcome", "password", PASSWORD);
        assertThat(browser.isSignedIn()).isTrue();
    }

    @Test
    void twoBrowsersWithOneLinkMakeOneAdmin() throws Exception {
        String link = FirstAdmin.link(accounts.invitations, MemoryBrowser.ORIGIN).orElseThrow();
        MemoryBrowser first = site.browser().open(link);
        MemoryBrowser second = site.browser().open(link);
        first.submit("/welcome", "email", "ann@example.com", "name", "Ann", "password", PASSWORD);
        second.submit("/welcome", "email", "eve@example.com", "name", "Eve", "password", PASSWORD);
        assertThat(second.status).isEqualTo(404);
        assertThat(accounts.users.list()).hasSize(1);
    }

    @Test
    void anInvitedUserCannotChooseAnotherAddress() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        MemoryBrowser browser = opened(accounts.invitations.invite(ann.id()));
        assertThat(browser.title()).isEqualTo("Welcome");
        browser.submit("/welcome", "email", "root@example.com", "name", "A.", "password", PASSWORD);
        assertThat(browser.path).isEqualTo(Paths.ACCOUNT);
        assertThat(accounts.users.list())
                .extracting(User::email, User::name)
                .containsExactly(tuple("ann@example.com", "A."));
    }

    @Test
    void aResetEndsTheSessionsThereWereAndAsksForTheCodeThatIsDue() throws Exception {
        User ann = accounts.user("ann@example.com");
        site.browser().signIn("ann@example.com", Accounts.PASSWORD);
        TotpSecrets.Offer offer = accounts.totp.offer(ann);
        App app = new App(offer.secret(), accounts.clock);
        accounts.totp.accept(ann.id(), offer, app.code());
        accounts.clock.move(Duration.ofSeconds(30));
        MemoryBrowser browser = opened(accounts.invitations.reset(ann.id()));
        assertThat(browser.title()).isEqualTo("Choose a new password");
        browser.submit("/welcome", "password", PASSWORD);
        assertThat(browser.title()).isEqualTo("Enter your code");
        assertThat(site.sessions.living()).isEmpty();
        assertThat(browser.submit("/code", "code", app.code()).isSignedIn()).isTrue();
        assertThat(site.browser().signIn("ann@example.com", Accounts.PASSWORD).status)
                .isEqualTo(401);
    }

    @Test
    void aLinkThatWasNeverGivenOutIsNotGood() throws Exception {
        for (String token : new String[] {"", "x", "a".repeat(5000)}) {
            assertThat(opened(token).status).isEqualTo(404);
        }
        assertThat(site.browser().open(Paths.SIGN_IN + "/local/welcome").status).isEqualTo(404);
    }

    @Test
    void theTokenIsNowhereInTheAuditLog() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        String token = accounts.invitations.invite(ann.id());
        opened(token).submit("/welcome", "password", PASSWORD);
        opened(token);
        assertThat(site.audited())
                .contains("invitation_accepted")
                .doesNotContain(token)
                .doesNotContain(PASSWORD);
    }
}
