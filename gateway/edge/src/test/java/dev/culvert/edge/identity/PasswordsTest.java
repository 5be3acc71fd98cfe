package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
    @TempDir Path temp;
    private Accounts accounts;
    private Passwords passwords;
    private User ann;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        passwords = accounts.passwords;
        ann = accounts.user("ann.smith@example.com");
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private String storedHash() throws Exception {
        return accounts.database()
                .transaction(c ->
                        Sql.first(
                                        c,
                                        "SELECT password_hash FROM users WHERE id = ?",
                                        row -> row.getString(1),
                                        ann.id())
                                .orElseThrow());
    }

    @Test
    void findsTheUserByAddressAndPassword() throws Exception {
        assertThat(passwords.find("Ann.Smith@example.com", Accounts.PASSWORD))
                .get()
                .satisfies(user -> assertThat(user.id()).isEqualTo(ann.id()))
                .satisfies(user -> assertThat(user.hasPassword()).isTrue());
        assertThat(passwords.find("ann.smith@example.com", Accounts.PASSWORD + " ")).isEmpty();
        assertThat(passwords.find("ann.smith@example.com", "")).isEmpty();
        assertThat(passwords.find("bob@example.com", Accounts.PASSWORD)).isEmpty();
        assertThat(passwords.find("no address", Accounts.PASSWORD)).isEmpty();
        assertThat(passwords.isRight(ann.id(), Accounts.PASSWORD)).isTrue();
        assertThat(passwords.isRight(UUID.randomUUID(), Accounts.PASSWORD)).isFalse();
    }

    @Test
    void aDisabledUserAndOneWithoutPasswordAreNotFound() throws Exception {
        accounts.users.disable(ann.id());
        assertThat(passwords.find("ann.smith@example.com", Accounts.PASSWORD)).isEmpty();
        accounts.users.create("bob@example.com", "Bob", false);
        assertThat(passwords.find("bob@example.com", "")).isEmpty();
    }

    @Test
    void howItWasTypedMakesNoDifference() throws Exception {
        passwords.change(ann.id(), "Cafe\u0301 au lait\u00A0noir");
        assertThat(passwords.find("ann.smith@example.com", "Café au lait noir")).isPresent();
        assertThat(passwords.find("ann.smith@example.com", "café au lait noir")).isEmpty();
    }

    @Test
    void aHashOfFormerCostIsMadeAnewWhenThePasswordIsRight() throws Exception {
        Passwords dearer =
                new Passwords(
                        accounts.database(),
                        accounts.users,
                        new Argon2id(new Argon2id.Cost(128, 2, 1), 1, Duration.ofMinutes(1)));
        assertThat(dearer.find("ann.smith@example.com", "wrong")).isEmpty();
        assertThat(storedHash()).contains("m=64,t=1");
        assertThat(dearer.find("ann.smith@example.com", Accounts.PASSWORD)).isPresent();
        assertThat(storedHash()).contains("m=128,t=2");
        assertThat(passwords.find("ann.smith@example.com", Accounts.PASSWORD)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "short",
                "eleven char",
                "aaaaaaaaaaaaaaaa",
                "abababababababab",
                "abcdefghijklmnop",
                "987654321098",
                "Password1234",
                "correct horse battery staple",
                "Ann.Smith123",
                "ann.smith@example.com",
                "12345Ann.Smith",
                "a password\u0000with nul",
            })
    void refusesWhatIsGuessedFirst(String password) {
        refused(Code.INVALID, () -> passwords.change(ann.id(), password));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "twelve chars",
                "lowercaseonlybutlong",
                "ann.smith has seven tame herons",
                "😀😁😂🤣😃😄😅😆😉😊😋😎",
                "Annsibelle went walking"
            })
    void acceptsAnythingElse(String password) throws Exception {
        passwords.change(ann.id(), password);
        assertThat(passwords.isRight(ann.id(), password)).isTrue();
    }

    @Test
    void lengthIsCountedInCharactersWithABoundAbove() throws Exception {
        passwords.change(ann.id(), "abcdefgh".repeat(32));
        assertThat(passwords.isRight(ann.id(), "abcdefgh".repeat(32))).isTrue();
        refused(Code.INVALID, () -> passwords.change(ann.id(), "abcdefgh".repeat(32) + "i"));
        refused(Code.INVALID, () -> passwords.change(ann.id(), "😀 x".repeat(100_000)));
    }

    @Test
    void aMessageNeverHoldsThePassword() {
        assertThat(refused(Code.INVALID, () -> passwords.change(ann.id(), "Password1234")))
                .satisfies(e -> assertThat(e.getMessage()).doesNotContainIgnoringCase("1234"));
    }
}
