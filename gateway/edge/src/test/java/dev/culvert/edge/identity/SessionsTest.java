package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

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

class SessionsTest {
    private static final String ANN = "ann@example.com";

    @TempDir Path temp;
    private Accounts accounts;
    private Sessions sessions;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        sessions = new Sessions(accounts.database(), accounts.clock);
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private UUID begin(String email) throws Exception {
        Identity identity = new Identity(email, email, "", "test", List.of(), List.of(), Map.of());
        return sessions.begin(
                        Session.Kind.BROWSER, identity, "192.0.2.7", "test", Duration.ofHours(1))
                .session()
                .id();
    }

    private void execute(String statement) throws Exception {
        accounts.database()
                .transaction(c -> {
                    c.createStatement().execute(statement);
                    return true;
                });
    }

    private Sessions restarted() throws Exception {
        return new Sessions(accounts.database(), accounts.clock);
    }

    @Test
    void oneThatIsEndedWhileNothingCanBeWrittenIsOverAtOnceAndForGoodLater() throws Exception {
        UUID id = begin(ANN);
        List<Session> told = new ArrayList<>();
        sessions.onEnd(told::add);
        execute("PRAGMA query_only = ON");
        assertThat(sessions.end(id)).isTrue();
        assertThat(sessions.byId(id)).isNull();
        assertThat(told).extracting(Session::id).containsExactly(id);
        execute("PRAGMA query_only = OFF");
        assertThat(restarted().byId(id)).isNotNull();
        sessions.maintain();
        assertThat(restarted().byId(id)).isNull();
    }

    @Test
    void aServiceTokenThatIsRevokedWhileNothingCanBeWrittenIsWorthlessAtOnce() throws Exception {
        ServiceTokens tokens = new ServiceTokens(accounts.database(), accounts.clock);
        ServiceTokens.Made made = tokens.create("ci", null);
        ServiceTokens.Proof proof = tokens.check(made.token().id(), made.secret());
        execute("PRAGMA query_only = ON");
        tokens.revoke("ci");
        assertThat(tokens.check(made.token().id(), made.secret())).isNull();
        assertThat(tokens.isGood(proof)).isFalse();
        execute("PRAGMA query_only = OFF");
        tokens.maintain();
        assertThat(new ServiceTokens(accounts.database(), accounts.clock).list()).isEmpty();
    }

    @Test
    void whoHasVeryManyLosesTheOldest() throws Exception {
        UUID other = begin("carl@example.com");
        UUID first = begin(ANN);
        List<UUID> later = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            accounts.clock.move(Duration.ofSeconds(1));
            later.add(begin(ANN));
        }
        assertThat(sessions.byId(first)).isNull();
        assertThat(later).allMatch(id -> sessions.byId(id) != null);
        assertThat(sessions.byId(other)).isNotNull();
    }
}
