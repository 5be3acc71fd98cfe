package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.SshKey;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.policy.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OwnSshKeysTest {
    private static final String EMAIL = "ann@example.com";
    private static final String KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDesLAd4d/yPlTv1vMhpHcOCPxTE+HLX0SeKpDPmLcHr";
    private static final String FINGERPRINT = "SHA256:4z5MZ/rAGHd0QECZ5Gsg2LZfxSUsyVjhI6CwB/zjY5E";

    @TempDir Path temp;
    private LocalSite site;
    private User ann;
    private MemoryBrowser browser;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        ann = site.accounts.user(EMAIL);
        browser = site.browser().signIn(EMAIL, Accounts.PASSWORD).open(Paths.ACCOUNT_SSH_KEYS);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private List<SshKey> keys() throws Exception {
        return site.sshKeys.list(ann.id().toString());
    }

    @Test
    void aKeyIsAddedShownAndRemoved() throws Exception {
        browser.submit("/add", "key", KEY + " ann@laptop\n", "name", "");
        assertThat(browser.notice()).isEqualTo("The key ann@laptop is added.");
        assertThat(browser.page.select(".row h2").text()).isEqualTo("ann@laptop");
        assertThat(browser.page.select(".row code").text()).isEqualTo(FINGERPRINT);
        assertThat(browser.page.select("textarea").text()).isEmpty();
        browser.submit("/remove");
        assertThat(browser.notice()).isEqualTo("The key is removed.");
        assertThat(keys()).isEmpty();
        assertThat(site.outcomes())
                .containsExactly("signed_in", "ssh_key_added", "ssh_key_removed");
        assertThat(site.audited()).contains(FINGERPRINT);
    }

    @Test
    void whatIsNoKeyComesBackWithTheReason() throws Exception {
        browser.submit("/add", "key", KEY.substring(0, 60));
        assertThat(browser.status).isEqualTo(400);
        assertThat(browser.notice()).startsWith("This public key is damaged or too weak: ");
        assertThat(browser.page.select("textarea").text()).isEqualTo(KEY.substring(0, 60));
        assertThat(keys()).isEmpty();
    }

    @Test
    void aPrivateKeyDoesNotComeBack() throws Exception {
        browser.submit("/add", "key", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1r");
        assertThat(browser.status).isEqualTo(400);
        assertThat(browser.page.html()).doesNotContain("b3BlbnNzaC1r");
        assertThat(site.audited()).doesNotContain("b3BlbnNzaC1r");
    }

    @Test
    void addingNeedsASignInThatIsNotLongAgoRemovingDoesNot() throws Exception {
        browser.submit("/add", "key", KEY);
        site.accounts.clock.move(Duration.ofMinutes(10));
        browser.open(Paths.ACCOUNT_SSH_KEYS).submit("/add", "key", KEY);
        assertThat(browser.status).isEqualTo(403);
        assertThat(browser.title()).isEqualTo("Sign in again to change this");
        browser.open(Paths.ACCOUNT_SSH_KEYS).submit("/remove");
        assertThat(keys()).isEmpty();
    }

    @Test
    void othersKeysAreNeitherShownNorRemoved() throws Exception {
        browser.submit("/add", "key", KEY);
        site.accounts.user("bob@example.com");
        MemoryBrowser bob =
                site.browser()
                        .signIn("bob@example.com", Accounts.PASSWORD)
                        .open(Paths.ACCOUNT_SSH_KEYS);
        assertThat(bob.page.select(".row")).isEmpty();
        bob.post(Paths.ACCOUNT_SSH_KEYS + "/remove", Map.of("csrf", bob.csrf(), "id", FINGERPRINT));
        assertThat(bob.status).isEqualTo(404);
        bob.open(Paths.ACCOUNT_SSH_KEYS).submit("/add", "key", KEY);
        assertThat(bob.status).isEqualTo(400);
        assertThat(keys()).hasSize(1);
    }

    @Test
    void whoCameFromAnIdentityProviderHasKeysToo() throws Exception {
        Identity other =
                new Identity("corp:1", EMAIL, "Ann", "corp", List.of(), List.of(), Map.of());
        MemoryBrowser elsewhere = site.browser();
        elsewhere.cookies.put(
                SignIn.SESSION_COOKIE,
                site.sessions
                        .begin(Session.Kind.BROWSER, other, "192.0.2.7", "", Duration.ofHours(1))
                        .secret());
        elsewhere.open(Paths.ACCOUNT_SSH_KEYS).submit("/add", "key", KEY);
        assertThat(elsewhere.status).isEqualTo(200);
        assertThat(site.sshKeys.list("corp:1")).hasSize(1);
        assertThat(keys()).isEmpty();
    }
}
