package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.Session;
import dev.culvert.plugin.edge.EdgeServices.Confirmation;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The confirmation that an SSH client waits for.
final class SshSignInTest {
    private static final String EMAIL = "ann@example.com";
    private static final String PROGRAM = "OpenSSH_9.2p1 to build.example.com";
    private static final String CLIENT = "198.51.100.9";
    private static final Duration NOW = Duration.ZERO;

    @TempDir Path temp;
    private LocalSite site;
    private MemoryBrowser browser;

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        site.accounts.user(EMAIL);
        browser = site.browser();
    }

    @AfterEach
    void close() {
        site.close();
    }

    private Confirmation ask() throws Exception {
        return site.confirmations.ask(PROGRAM, CLIENT);
    }

    private boolean hasSshSession() {
        return site.sessions.living().stream().anyMatch(s -> s.kind() == Session.Kind.SSH);
    }

    @Test
    void whoConfirmsAfterSigningInLetsTheClientIn() throws Exception {
        Confirmation asked = ask();
        assertThat(asked.url()).startsWith(MemoryBrowser.ORIGIN + "/cdn-cgi/access/ssh/");
        browser.open(asked.url());
        browser.submit("/local", "email", EMAIL, "password", Accounts.PASSWORD);
        assertThat(browser.page.select(".big-code").text()).isEqualTo(asked.code());
        assertThat(browser.page.text()).contains(PROGRAM, CLIENT, EMAIL);
        assertThat(asked.await(NOW)).isNull();
        browser.submit(path(asked), "decision", "confirm");
        assertThat(browser.title()).isEqualTo("The SSH client is in");
        Person person = Objects.requireNonNull(asked.await(NOW));
        assertThat(person.email()).isEqualTo(EMAIL);
        Session session = Objects.requireNonNull(site.sessions.byId(person.session()));
        assertThat(session.kind()).isEqualTo(Session.Kind.SSH);
        assertThat(session.address()).isEqualTo(CLIENT);
        assertThat(session.identity().id()).isEqualTo(person.identity());
        assertThat(site.audited()).contains(CLIENT);
    }

    private static String path(Confirmation asked) {
        return asked.url().substring(MemoryBrowser.ORIGIN.length());
    }

    private MemoryBrowser shown(Confirmation asked) throws Exception {
        return browser.signIn(EMAIL, Accounts.PASSWORD).open(asked.url());
    }

    @Test
    void thePageWarnsOfAClientThatIsInAnotherNetworkThanTheBrowser() throws Exception {
        shown(ask());
        assertThat(browser.page.select(".notice.bad").text())
                .contains("another network than this browser", CLIENT, browser.address);
        browser.address = CLIENT;
        browser.open(ask().url());
        assertThat(browser.page.select(".big-code")).hasSize(1);
        assertThat(browser.page.select(".notice")).isEmpty();
    }

    @Test
    void addressesOfOneIpv6NetworkAreOfOneNetwork() throws Exception {
        browser.signIn(EMAIL, Accounts.PASSWORD).address = "2001:db8:0:7::1";
        browser.open(site.confirmations.ask(PROGRAM, "2001:db8:0:7:1:2:3:4").url());
        assertThat(browser.page.select(".big-code")).hasSize(1);
        assertThat(browser.page.select(".notice")).isEmpty();
        browser.open(site.confirmations.ask(PROGRAM, "2001:db8:0:8::1").url());
        assertThat(browser.page.select(".notice.bad")).hasSize(1);
    }

    @Test
    void whatWasRefusedEndsTheWait() throws Exception {
        Confirmation asked = ask();
        shown(asked).submit(path(asked), "decision", "cancel");
        assertThat(browser.title()).isEqualTo("Cancelled");
        assertThatThrownBy(() -> asked.await(NOW))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("refused in the browser");
        assertThat(hasSshSession()).isFalse();
        assertThat(site.outcomes()).containsExactly("signed_in", "failed");
    }

    @Test
    void anAnswerIsGivenOnce() throws Exception {
        Confirmation asked = ask();
        shown(asked);
        Map<String, String> form = Map.of("csrf", browser.csrf(), "decision", "confirm");
        browser.post(asked.url(), form);
        browser.post(asked.url(), form);
        assertThat(browser.status).isEqualTo(404);
        assertThat(site.sessions.living().stream().filter(s -> s.kind() == Session.Kind.SSH))
                .hasSize(1);
    }

    @Test
    void aFormWithoutThePagesTokenConfirmsNothing() throws Exception {
        Confirmation asked = ask();
        shown(asked).post(asked.url(), Map.of("decision", "confirm"));
        assertThat(browser.status).isEqualTo(403);
        assertThat(asked.await(NOW)).isNull();
    }

    @Test
    void afterFiveMinutesOrWithoutItsClientALinkIsNoGood() throws Exception {
        Confirmation gone = ask();
        gone.close();
        assertThat(shown(gone).status).isEqualTo(404);
        Confirmation late = ask();
        browser.open(late.url());
        site.accounts.clock.move(Confirmation.LIFE);
        browser.submit(path(late), "decision", "confirm");
        assertThat(browser.status).isEqualTo(404);
        assertThat(hasSshSession()).isFalse();
    }

    @Test
    void aNetworkHasSoManyAndGetsThemBack() throws Exception {
        Confirmation first = ask();
        for (int i = 1; i < SshConfirmations.MAX_OF_ONE_NETWORK; i++) {
            ask();
        }
        assertThatThrownBy(this::ask)
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> assertThat(e.code()).isEqualTo("too_many_confirmations"));
        site.confirmations.ask(PROGRAM, "203.0.113.1").close();
        first.close();
        first.close();
        ask();
        assertThatThrownBy(this::ask).isInstanceOf(RefusedException.class);
        site.accounts.clock.move(Confirmation.LIFE);
        ask();
    }

    @Test
    void allNetworksTogetherHaveSoMany() throws Exception {
        for (int i = 0; i < SshConfirmations.MAX; i++) {
            site.confirmations.ask(PROGRAM, "10.0." + i / 250 + "." + i % 250);
        }
        assertThatThrownBy(() -> site.confirmations.ask(PROGRAM, "203.0.113.1"))
                .isInstanceOf(RefusedException.class);
    }
}
