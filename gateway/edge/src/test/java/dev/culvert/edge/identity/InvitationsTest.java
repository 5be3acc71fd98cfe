package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.Invitation.Purpose;
import dev.culvert.edge.state.StateException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InvitationsTest {
    private static final String ORIGIN = "https://auth.example.com";
    private static final String PASSWORD = "nine quiet badgers";

    @TempDir Path temp;
    private Accounts accounts;
    private Invitations invitations;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        invitations = accounts.invitations;
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private String firstAdminToken() throws Exception {
        String link = FirstAdmin.link(invitations, ORIGIN).orElseThrow();
        assertThat(link).startsWith(ORIGIN + FirstAdmin.PATH);
        return link.substring((ORIGIN + FirstAdmin.PATH).length());
    }

    @Test
    void theFirstAdminIsMadeByTheLinkOnce() throws Exception {
        String token = firstAdminToken();
        assertThat(token).matches("[A-Za-z0-9_-]{43}");
        assertThat(invitations.find(token))
                .get()
                .satisfies(i -> assertThat(i.purpose()).isEqualTo(Purpose.FIRST_ADMIN))
                .satisfies(i -> assertThat(i.user()).isNull());
        User ann = invitations.acceptFirstAdmin(token, "Ann@Example.com", "Ann", PASSWORD);
        assertThat(ann.isAdmin()).isTrue();
        assertThat(ann.hasPassword()).isTrue();
        assertThat(accounts.passwords.find("ann@example.com", PASSWORD)).contains(ann);
        refused(
                Code.NOT_FOUND,
                () -> invitations.acceptFirstAdmin(token, "eve@example.com", "Eve", PASSWORD));
        assertThat(FirstAdmin.link(invitations, ORIGIN)).isEmpty();
    }

    @Test
    void whatIsNotAcceptedLeavesTheLinkGood() throws Exception {
        String token = firstAdminToken();
        refused(
                Code.INVALID,
                () -> invitations.acceptFirstAdmin(token, "ann@example.com", "Ann", "short"));
        refused(Code.INVALID, () -> invitations.acceptFirstAdmin(token, "ann", "Ann", PASSWORD));
        accounts.users.create("ann@example.com", "Ann", false);
        refused(
                Code.CONFLICT,
                () -> invitations.acceptFirstAdmin(token, "ann@example.com", "Ann", PASSWORD));
        invitations.acceptFirstAdmin(token, "root@example.com", "Root", PASSWORD);
    }

    @Test
    void eachStartReplacesTheLinkUntilThereIsAnAdmin() throws Exception {
        String first = firstAdminToken();
        String second = firstAdminToken();
        assertThat(invitations.find(first)).isEmpty();
        refused(
                Code.NOT_FOUND,
                () -> invitations.acceptFirstAdmin(first, "ann@example.com", "Ann", PASSWORD));
        accounts.users.create("root@example.com", "Root", true);
        refused(
                Code.NOT_FOUND,
                () -> invitations.acceptFirstAdmin(second, "ann@example.com", "Ann", PASSWORD));
    }

    @Test
    void linksEnd() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        String first = firstAdminToken();
        String invite = invitations.invite(ann.id());
        accounts.clock.move(Duration.ofHours(24).minusMillis(1));
        assertThat(invitations.find(first)).isPresent();
        accounts.clock.move(Duration.ofMillis(1));
        assertThat(invitations.find(first)).isEmpty();
        accounts.clock.move(Duration.ofDays(2));
        assertThat(invitations.find(invite)).isEmpty();
        refused(Code.NOT_FOUND, () -> invitations.accept(invite, "", PASSWORD));
    }

    @Test
    void anInvitationSetsThePasswordOnce() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        String token = invitations.invite(ann.id());
        refused(Code.INVALID, () -> invitations.accept(token, "", "short"));
        assertThat(invitations.accept(token, "Annie", PASSWORD))
                .satisfies(user -> assertThat(user.id()).isEqualTo(ann.id()))
                .satisfies(user -> assertThat(user.name()).isEqualTo("Annie"));
        assertThat(accounts.passwords.isRight(ann.id(), PASSWORD)).isTrue();
        refused(Code.NOT_FOUND, () -> invitations.accept(token, "", "another nine badgers"));
        assertThat(accounts.passwords.isRight(ann.id(), PASSWORD)).isTrue();
    }

    @Test
    void aResetLeavesThePasswordGoodUntilItIsUsedAndReplacesLinksBefore() throws Exception {
        User ann = accounts.user("ann@example.com");
        String old = invitations.invite(ann.id());
        String token = invitations.reset(ann.id());
        assertThat(invitations.find(old)).isEmpty();
        assertThat(accounts.passwords.isRight(ann.id(), Accounts.PASSWORD)).isTrue();
        invitations.accept(token, "", PASSWORD);
        assertThat(accounts.passwords.isRight(ann.id(), Accounts.PASSWORD)).isFalse();
    }

    @Test
    void oneLinkIsNotGoodForAnotherPurpose() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        String invite = invitations.invite(ann.id());
        String first = firstAdminToken();
        refused(
                Code.NOT_FOUND,
                () -> invitations.acceptFirstAdmin(invite, "eve@example.com", "Eve", PASSWORD));
        refused(Code.NOT_FOUND, () -> invitations.accept(first, "", PASSWORD));
        assertThat(accounts.users.list()).hasSize(1);
    }

    @Test
    void aDisabledUsersInvitationIsNotGood() throws Exception {
        User ann = accounts.users.create("ann@example.com", "Ann", false);
        String token = invitations.invite(ann.id());
        accounts.users.disable(ann.id());
        refused(Code.NOT_FOUND, () -> invitations.accept(token, "", PASSWORD));
        refused(Code.NOT_FOUND, () -> invitations.invite(UUID.randomUUID()));
    }

    @Test
    void tokensThatWereNeverGivenOutAreNotGood() throws Exception {
        for (String token : new String[] {"", "x", "a".repeat(1_000_000), "' OR '1'='1"}) {
            assertThat(invitations.find(token)).isEmpty();
        }
    }
}
