package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.PastedKeyTest.ed25519;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.edge.state.StateException;
import dev.culvert.policy.Identity;
import java.nio.file.Path;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SshKeysTest {
    private static final Identity ANN = identity("corp:4711", "ann@example.com");
    private static final Identity BOB = identity("corp:4712", "bob@example.com");

    @TempDir Path temp;
    private Accounts accounts;
    private Sessions sessions;
    private SshKeys keys;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        sessions = new Sessions(accounts.database(), accounts.clock);
        keys = new SshKeys(accounts.database(), accounts.clock);
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private static Identity identity(String id, String email) {
        return new Identity(id, email, "", "corp", List.of(), List.of(), Map.of());
    }

    private static PastedKey key(int value) throws Exception {
        return PastedKey.parse(ed25519(value) + " key " + value);
    }

    private UUID signIn(Identity identity, Session.Kind kind, Duration life) throws Exception {
        return sessions.begin(kind, identity, "192.0.2.7", "", life).session().id();
    }

    @Test
    void aKeyIsNamedByItsOwnerElseByItsComment() throws Exception {
        assertThat(keys.add(ANN, "Laptop", key(1)).name()).isEqualTo("Laptop");
        assertThat(keys.add(ANN, " ", key(2)).name()).isEqualTo("key 2");
        assertThat(keys.add(ANN, "", PastedKey.parse(ed25519(3))).name()).isEqualTo("ssh-ed25519");
        assertThatThrownBy(() -> keys.add(ANN, "a\u202Eb", key(4)))
                .isInstanceOf(StateException.class);
        assertThat(keys.list(ANN.id())).hasSize(3);
        assertThat(keys.list(BOB.id())).isEmpty();
        assertThat(keys.counts()).isEqualTo(Map.of(ANN.id(), 3));
    }

    @Test
    void aKeyIsOnePersonsOnly() throws Exception {
        keys.add(ANN, "", key(1));
        assertThatThrownBy(() -> keys.add(BOB, "", key(1))).hasMessageContaining("registered");
        assertThatThrownBy(() -> keys.add(ANN, "", key(1))).hasMessageContaining("registered");
        assertThat(keys.remove(BOB.id(), key(1).key().fingerprint())).isFalse();
        assertThat(keys.identityOf(key(1).key().bytes())).contains(ANN.id());
        assertThat(keys.remove(ANN.id(), key(1).key().fingerprint())).isTrue();
        keys.add(BOB, "", key(1));
        assertThat(keys.identityOf(key(1).key().bytes())).contains(BOB.id());
    }

    @Test
    void nobodyHasMoreThanTwenty() throws Exception {
        for (int i = 0; i < SshKeys.MAX_OF_ONE; i++) {
            keys.add(ANN, "", key(i));
        }
        assertThatThrownBy(() -> keys.add(ANN, "", key(100))).hasMessageContaining("20 keys");
        keys.add(BOB, "", key(100));
    }

    @Test
    void aKeyStandsForTheNewestSignInThatLives() throws Exception {
        keys.add(ANN, "", key(1));
        byte[] blob = key(1).key().bytes();
        assertThat(keys.sessionOf(blob, sessions)).isNull();
        signIn(BOB, Session.Kind.BROWSER, Duration.ofHours(9));
        assertThat(keys.sessionOf(blob, sessions)).isNull();
        UUID older = signIn(ANN, Session.Kind.BROWSER, Duration.ofHours(9));
        accounts.clock.move(Duration.ofMinutes(1));
        UUID newer = signIn(ANN, Session.Kind.SSH, Duration.ofHours(1));
        assertThat(keys.sessionOf(blob, sessions)).extracting(Session::id).isEqualTo(newer);
        accounts.clock.move(Duration.ofHours(2));
        assertThat(keys.sessionOf(blob, sessions)).extracting(Session::id).isEqualTo(older);
        sessions.end(older);
        assertThat(keys.sessionOf(blob, sessions)).isNull();
        assertThat(keys.sessionOf(key(2).key().bytes(), sessions)).isNull();
    }

    @Test
    void whenAKeyWasUsedIsShownAtOnceAndWrittenLater() throws Exception {
        keys.add(ANN, "", key(1));
        assertThat(keys.list(ANN.id()).getFirst().lastUsedAt()).isNull();
        keys.used(key(1).key().bytes());
        assertThat(keys.list(ANN.id()).getFirst().lastUsedAt()).isNotNull();
        keys.maintain();
        assertThat(new SshKeys(accounts.database(), accounts.clock).list(ANN.id()))
                .extracting(SshKey::lastUsedAt)
                .containsExactly(accounts.clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    @Test
    void theKeysOfAUserGoWithTheUser() throws Exception {
        User user = accounts.users.create("eve@example.com", "Eve", false);
        keys.add(identity(user.id().toString(), user.email()), "", key(1));
        accounts.users.delete(user.id());
        assertThat(keys.identityOf(key(1).key().bytes())).isEmpty();
    }
}
