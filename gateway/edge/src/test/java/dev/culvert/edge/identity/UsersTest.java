package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.StateException.Code;
import dev.culvert.policy.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsersTest {
    @TempDir Path temp;
    private Accounts accounts;
    private Users users;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        users = accounts.users;
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    @Test
    void isFoundByAddressInAnyCaseAndById() throws Exception {
        User ann = users.create("Ann@Example.com", " Ann Ågren ", true);
        assertThat(ann)
                .isEqualTo(
                        new User(
                                ann.id(),
                                "ann@example.com",
                                "Ann Ågren",
                                true,
                                false,
                                false,
                                accounts.clock.instant(),
                                null));
        assertThat(users.byEmail("ANN@example.com")).contains(ann);
        assertThat(users.byId(ann.id())).contains(ann);
        assertThat(users.byEmail("bob@example.com")).isEmpty();
        assertThat(users.byEmail("' OR 1=1 --")).isEmpty();
        assertThat(users.byId(UUID.randomUUID())).isEmpty();
    }

    @Test
    void oneAddressHasOneUser() throws Exception {
        users.create("ann@example.com", "Ann", false);
        refused(Code.CONFLICT, () -> users.create("ANN@example.com", "Other", false));
        assertThat(users.list()).extracting(User::name).containsExactly("Ann");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "Ann\nBob", "Ann\u202Enna", "a\u0000b", "\u200B"})
    void refusesNamesThatCannotBeShown(String name) {
        refused(Code.INVALID, () -> users.create("ann@example.com", name, false));
    }

    @Test
    void refusesNamesThatAreTooLong() throws Exception {
        users.create("ann@example.com", "𝒜".repeat(100), false);
        refused(Code.INVALID, () -> users.create("b@example.com", "𝒜".repeat(101), false));
        refused(Code.INVALID, () -> users.create("c@example.com", "x".repeat(100_000), false));
    }

    @Test
    void isDisabledAndEnabledRenamedAndMadeAdmin() throws Exception {
        users.create("root@example.com", "Root", true);
        User ann = users.create("ann@example.com", "Ann", false);
        accounts.clock.move(Duration.ofHours(1));
        assertThat(users.disable(ann.id()).disabledAt()).isEqualTo(accounts.clock.instant());
        assertThat(users.byId(ann.id()).orElseThrow().isEnabled()).isFalse();
        assertThat(users.enable(ann.id()).isEnabled()).isTrue();
        assertThat(users.rename(ann.id(), "Anna").name()).isEqualTo("Anna");
        assertThat(users.makeAdmin(ann.id()).isAdmin()).isTrue();
        assertThat(users.unmakeAdmin(ann.id()).isAdmin()).isFalse();
        refused(Code.NOT_FOUND, () -> users.rename(UUID.randomUUID(), "Nobody"));
    }

    @Test
    void anInvitedAdminIsNoReplacement() throws Exception {
        User ann = accounts.user("ann@example.com");
        users.makeAdmin(ann.id());
        User invited = users.create("carl@example.com", "Carl", true);
        refused(Code.CONFLICT, () -> users.disable(ann.id()));
        accounts.passwords.change(invited.id(), Accounts.PASSWORD);
        assertThat(users.disable(ann.id()).isEnabled()).isFalse();
    }

    @Test
    void theLastEnabledAdminStays() throws Exception {
        User ann = users.create("ann@example.com", "Ann", true);
        User bob = users.create("bob@example.com", "Bob", true);
        users.disable(bob.id());
        refused(Code.CONFLICT, () -> users.unmakeAdmin(ann.id()));
        refused(Code.CONFLICT, () -> users.disable(ann.id()));
        refused(Code.CONFLICT, () -> users.delete(ann.id()));
        assertThat(users.byId(ann.id())).contains(ann);
        users.enable(bob.id());
        users.unmakeAdmin(ann.id());
        refused(Code.CONFLICT, () -> users.delete(bob.id()));
        users.delete(ann.id());
    }

    @Test
    void listenersHearOfEachChangeAndOfDeletedOnesAsDisabled() throws Exception {
        List<User> heard = new ArrayList<>();
        users.onChange(user -> {
            throw new IllegalStateException("a listener that fails does not keep others from it");
        });
        users.onChange(heard::add);
        User ann = users.create("ann@example.com", "Ann", false);
        users.disable(ann.id());
        users.enable(ann.id());
        users.delete(ann.id());
        assertThat(heard).extracting(User::isEnabled).containsExactly(true, false, true, false);
    }

    @Test
    void deletingTakesEverythingAlong() throws Exception {
        User ann = accounts.user("ann@example.com");
        accounts.recoveryCodes.replace(ann.id());
        String token = accounts.invitations.reset(ann.id());
        SoftwareAuthenticator key = new SoftwareAuthenticator(Accounts.AUTHORITY);
        byte[] challenge = new byte[32];
        accounts.passkeys.register(
                ann.id(), "Key", key.create(ann.id(), challenge), challenge, Accounts.AUTHORITY);
        users.delete(ann.id());
        assertThat(users.list()).isEmpty();
        assertThat(accounts.recoveryCodes.left(ann.id())).isZero();
        assertThat(accounts.passkeys.list(ann.id())).isEmpty();
        assertThat(accounts.invitations.find(token)).isEmpty();
        assertThat(accounts.passwords.find("ann@example.com", Accounts.PASSWORD)).isEmpty();
    }

    private static Identity identity(String id, String email, String method) {
        return new Identity(id, email, "", method, List.of(), List.of(), Map.of());
    }

    @Test
    void anAdminIsOneByTheAccountHereWhileEnabled() throws Exception {
        User ann = users.create("ann@example.com", "Ann", true);
        User bob = users.create("bob@example.com", "Bob", true);
        String id = bob.id().toString();
        Identity signedIn = identity(id, "bob@example.com", "local");
        assertThat(users.isAdmin(signedIn)).isTrue();
        assertThat(users.isAdmin(identity(id, "bob@example.com", "google"))).isFalse();
        assertThat(users.isAdmin(identity("4711", "bob@example.com", "local"))).isFalse();
        users.disable(bob.id());
        assertThat(users.isAdmin(signedIn)).isFalse();
        users.enable(bob.id());
        assertThat(users.isAdmin(signedIn)).isTrue();
        users.unmakeAdmin(bob.id());
        assertThat(users.isAdmin(signedIn)).isFalse();
        users.makeAdmin(bob.id());
        users.delete(ann.id());
        accounts.close();
        accounts = new Accounts(temp.resolve("state"));
        assertThat(accounts.users.isAdmin(signedIn)).isTrue();
    }
}
