package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.admission.Gate;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.App;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.TotpSecrets;
import dev.culvert.edge.identity.User;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.state.StateException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// While the audit log cannot be written nobody signs in but administrators, so that somebody can mend it.
@Timeout(120)
class AuditFailureTest {
    private static final String ADMIN = "admin@example.com";
    private static final String ANN = "ann@example.com";

    @TempDir Path temp;
    private LocalSite site;
    private Accounts accounts;

    /// How it fails, and how that is mended.
    private enum Failure {
        NO_TABLE(
                "ALTER TABLE audit RENAME TO audit_away", "ALTER TABLE audit_away RENAME TO audit"),
        READ_ONLY("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
        DISK_FULL("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000");

        private final String begin;
        private final String end;

        Failure(String begin, String end) {
            this.begin = begin;
            this.end = end;
        }
    }

    @BeforeEach
    void open() throws Exception {
        site = new LocalSite(temp);
        accounts = site.accounts;
        User admin = accounts.user(ADMIN);
        accounts.users.makeAdmin(admin.id());
        accounts.user(ANN);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private void execute(String statement) throws Exception {
        accounts.database()
                .transaction(c -> {
                    c.createStatement().execute(statement);
                    return true;
                });
    }

    /// A full disk still has the free room of pages that are there.
    private void begin(Failure failure) throws Exception {
        execute(failure.begin);
        if (failure == Failure.DISK_FULL) {
            while (isWritten()) {
                assertThat(site.audit.lastId()).isLessThan(100_000);
            }
            fillSessions();
        }
        assertThat(isWritten()).isFalse();
    }

    private boolean isWritten() {
        try {
            site.audit
                    .recorded(
                            AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked")
                                    .detail("text", "x".repeat(500))
                                    .build())
                    .join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }

    private void fillSessions() {
        try {
            while (true) {
                site.sessions.end(
                        site.sessions
                                .begin(
                                        Session.Kind.BROWSER,
                                        Gate.identity(ANN),
                                        "192.0.2.7",
                                        "test",
                                        Duration.ofHours(1))
                                .session()
                                .id());
            }
        } catch (StateException e) {
            assertThat(e).hasMessageContaining("full");
        }
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void onlyAnAdministratorSignsInUntilItCanBeWrittenAgain(Failure failure) throws Exception {
        begin(failure);
        MemoryBrowser ann = site.browser().signIn(ANN, Accounts.PASSWORD);
        assertThat(ann.status).isEqualTo(503);
        assertThat(ann.title()).isEqualTo("Signing in is not possible at the moment");
        assertThat(ann.isSignedIn()).isFalse();

        MemoryBrowser admin = site.browser().signIn(ADMIN, Accounts.PASSWORD);
        assertThat(admin.title()).isEqualTo("Launcher");
        assertThat(admin.open(Paths.ADMIN).title()).isEqualTo("Admin");

        execute(failure.end);
        assertThat(site.browser().signIn(ANN, Accounts.PASSWORD).title()).isEqualTo("Launcher");
        assertThat(admin.open(Paths.ADMIN).title()).isEqualTo("Admin");
        assertThat(site.outcomes()).contains("events_lost").endsWith("signed_in");
    }

    @ParameterizedTest
    @EnumSource(Failure.class)
    void anAdministratorWithAnAuthenticatorSignsInOnceWithACode(Failure failure) throws Exception {
        User user = accounts.users.byEmail(ADMIN).orElseThrow();
        TotpSecrets.Offer offer = accounts.totp.offer(user);
        App app = new App(offer.secret(), accounts.clock);
        assertThat(accounts.totp.accept(user.id(), offer, app.code())).isTrue();
        accounts.clock.move(Duration.ofSeconds(30));
        begin(failure);
        String code = app.code();
        MemoryBrowser admin = site.browser().signIn(ADMIN, Accounts.PASSWORD);
        assertThat(admin.submit("/code", "code", code).title()).isEqualTo("Launcher");
        MemoryBrowser second = site.browser().signIn(ADMIN, Accounts.PASSWORD);
        assertThat(second.submit("/code", "code", code).status).isEqualTo(401);
        execute(failure.end);
        assertThat(second.submit("/code", "code", code).status).isEqualTo(401);
    }

    /// The copy does not count.
    @Test
    void aCopyThatCannotBeWrittenKeepsNobodyOut() throws Exception {
        Path lines = temp.resolve("state").resolve("audit.jsonl");
        Files.deleteIfExists(lines);
        Files.createSymbolicLink(lines, Path.of("/dev/full"));
        assertThat(site.browser().signIn(ANN, Accounts.PASSWORD).title()).isEqualTo("Launcher");
        assertThat(site.audit.find(AuditQuery.newest(1)))
                .extracting(AuditEvent::outcome)
                .isEqualTo(List.of("signed_in"));
    }
}
