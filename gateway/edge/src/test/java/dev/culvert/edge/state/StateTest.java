package dev.culvert.edge.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.culvert.edge.state.StateException.Code;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class StateTest {
    private static final Set<String> FIRST_RELEASE =
            Set.of("settings", "tunnels", "routes", "schema_versions");

    @TempDir Path temp;
    private StateDirectory directory;
    private State state;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("s?t%ate"));
        state = State.open(directory, null);
    }

    @AfterEach
    void close() {
        state.close();
        directory.close();
    }

    private void reopen() throws Exception {
        close();
        open();
    }

    private static StateException refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        StateException refusal = catchThrowableOfType(StateException.class, call);
        assertThat(refusal).isNotNull();
        assertThat(refusal.next()).isNotBlank();
        return refusal;
    }

    static byte[] secretOf(String token) {
        String json = new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        Matcher matcher = Pattern.compile("\"s\":\"([^\"]+)\"").matcher(json);
        assertThat(matcher.find()).isTrue();
        return Base64.getDecoder().decode(matcher.group(1));
    }

    @Test
    void remembersTunnelsAndRoutesAfterReopening() throws Exception {
        TunnelSummary home = state.createTunnel("home");
        state.addRoute("App.Example.com.", "home", true);
        state.addRoute("*.example.com", home.id().toString(), false);
        String tag = state.accountTag();
        String token = state.token("home");
        reopen();
        assertThat(state.accountTag()).isEqualTo(tag).matches("[0-9a-f]{32}");
        assertThat(state.token("home")).isEqualTo(token);
        assertThat(state.listTunnels())
                .containsExactly(
                        new TunnelSummary(home.id(), "home", home.createdAt(), 0, 2, null));
        assertThat(state.listRoutes())
                .extracting(RouteSummary::hostname, RouteSummary::isPublic, RouteSummary::isClosed)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("*.example.com", false, true),
                        org.assertj.core.groups.Tuple.tuple("app.example.com", true, false));
        assertThat(state.directory().route("app.example.com").tunnelId()).isEqualTo(home.id());
    }

    @Test
    void tokenIsWhatConnectorsDecode() throws Exception {
        UUID id = state.createTunnel("home").id();
        String json =
                new String(Base64.getDecoder().decode(state.token("home")), StandardCharsets.UTF_8);
        assertThat(json)
                .matches(
                        "\\{\"a\":\""
                                + state.accountTag()
                                + "\",\"s\":\"[A-Za-z0-9+/]{43}=\",\"t\":\""
                                + id
                                + "\"}");
        Tunnel tunnel = state.directory().tunnel(id);
        byte[] secret = secretOf(state.token("home"));
        assertThat(secret).hasSize(32);
        assertThat(tunnel.secretMatches(secret)).isTrue();
        secret[31] ^= 1;
        assertThat(tunnel.secretMatches(secret)).isFalse();
        assertThat(tunnel.secretMatches(new byte[0])).isFalse();
    }

    @Test
    void rotationMakesOldSecretsWorthless() throws Exception {
        UUID id = state.createTunnel("home").id();
        byte[] before = secretOf(state.token("home"));
        assertThat(state.rotateTunnel("home").rotation()).isEqualTo(1);
        byte[] after = secretOf(state.token("home"));
        assertThat(after).isNotEqualTo(before);
        Tunnel tunnel = state.directory().tunnel(id);
        assertThat(tunnel.rotation()).isEqualTo(1);
        assertThat(tunnel.secretMatches(before)).isFalse();
        assertThat(tunnel.secretMatches(after)).isTrue();
        reopen();
        assertThat(state.directory().tunnel(id).rotation()).isEqualTo(1);
        assertThat(state.directory().tunnel(id).secretMatches(after)).isTrue();
    }

    @Test
    void refusesToDeleteTunnelThatRoutesLeadTo() throws Exception {
        UUID id = state.createTunnel("home").id();
        state.addRoute("a.example.com", "home", true);
        StateException refusal = refused(() -> state.deleteTunnel("home", false));
        assertThat(refusal.code()).isEqualTo(Code.CONFLICT);
        assertThat(refusal).hasMessageContaining("a.example.com");
        state.deleteTunnel("home", true);
        assertThat(state.directory().tunnel(id)).isNull();
        assertThat(state.directory().route("a.example.com")).isNull();
        reopen();
        assertThat(state.listTunnels()).isEmpty();
        assertThat(state.listRoutes()).isEmpty();
        assertThat(state.createTunnel("home").id()).isNotEqualTo(id);
    }

    @Test
    void refusesDuplicatesAndStrangers() throws Exception {
        state.createTunnel("home");
        state.addRoute("a.example.com", "home", true);
        assertThat(refused(() -> state.createTunnel("home")).code()).isEqualTo(Code.CONFLICT);
        assertThat(refused(() -> state.addRoute("A.example.com", "home", true)).code())
                .isEqualTo(Code.CONFLICT);
        assertThat(refused(() -> state.addRoute("b.example.com", "away", true)).code())
                .isEqualTo(Code.NOT_FOUND);
        assertThat(refused(() -> state.token(UUID.randomUUID().toString())).code())
                .isEqualTo(Code.NOT_FOUND);
        assertThat(refused(() -> state.removeRoute("b.example.com")).code())
                .isEqualTo(Code.NOT_FOUND);
        for (String name :
                List.of(
                        "",
                        " ",
                        "a b",
                        "-a",
                        "a/b",
                        "a\n",
                        "x".repeat(65),
                        UUID.randomUUID() + "")) {
            assertThat(refused(() -> state.createTunnel(name)).code())
                    .as(name)
                    .isEqualTo(Code.INVALID);
        }
    }

    @Test
    void listenersSeeEachCommittedChange() throws Exception {
        List<String> seen = new ArrayList<>();
        state.onChange(d -> seen.add(d.toString()));
        state.createTunnel("home");
        state.addRoute("a.example.com", "home", true);
        state.removeRoute("a.example.com");
        state.deleteTunnel("home", false);
        assertThat(seen)
                .containsExactly(
                        "Directory[tunnels=0, routes=0]",
                        "Directory[tunnels=1, routes=0]",
                        "Directory[tunnels=1, routes=1]",
                        "Directory[tunnels=1, routes=0]",
                        "Directory[tunnels=0, routes=0]");
    }

    @Test
    void oneListenersFaultDoesNotUndoAChange() throws Exception {
        boolean[] armed = {false};
        state.onChange(d -> {
            if (armed[0]) {
                throw new IllegalStateException("a listener's fault");
            }
        });
        armed[0] = true;
        state.createTunnel("home");
        assertThat(state.listTunnels()).hasSize(1);
    }

    @Test
    void secretsAreNotInFilesNorInText() throws Exception {
        UUID id = state.createTunnel("home").id();
        byte[] secret = secretOf(state.token("home"));
        List<String> forms =
                List.of(
                        new String(secret, StandardCharsets.ISO_8859_1),
                        Base64.getEncoder().encodeToString(secret),
                        HexFormat.of().formatHex(secret));
        assertThat(state.directory().tunnel(id).toString()).doesNotContain(forms);
        try (var files = Files.walk(directory.path())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                for (String form : forms) {
                    assertThat(content.contains(form)).as(file + " holds a secret").isFalse();
                }
            }
        }
    }

    @Test
    void everyFileIsPrivate() throws Exception {
        state.createTunnel("home");
        for (String name :
                List.of("state.db", "state.db-wal", "state.db-shm", "secret.key", "lock")) {
            PrivateFiles.requirePrivate(directory.path().resolve(name));
        }
        assertThat(Files.getPosixFilePermissions(directory.path())).hasSize(3);
    }

    @Test
    void refusesAnotherOrMissingKey() throws Exception {
        state.createTunnel("home");
        close();
        Path key = directory.defaultKeyFile();
        Path kept = temp.resolve("kept.key");
        Files.move(key, kept);
        StateException missing = refused(this::open);
        assertThat(missing.code()).isEqualTo(Code.KEY);
        assertThat(missing).hasMessageContaining("missing");
        directory.close();
        PrivateFiles.write(key, Base64.getEncoder().encode(new byte[32]));
        StateException wrong = refused(this::open);
        assertThat(wrong.code()).isEqualTo(Code.KEY);
        assertThat(wrong).hasMessageContaining("expected: key");
        directory.close();
        PrivateFiles.write(key, "c2hvcnQ=".getBytes(StandardCharsets.US_ASCII));
        StateException broken = refused(this::open);
        assertThat(broken.getMessage()).contains(":1: not a key").doesNotContain("c2hvcnQ");
        directory.close();
        directory = StateDirectory.open(directory.path());
        state = State.open(directory, kept);
        assertThat(state.token("home")).isNotEmpty();
    }

    @Test
    void sealsAgainUnderANewFirstKey() throws Exception {
        state.createTunnel("home");
        String token = state.token("home");
        close();
        Path key = directory.defaultKeyFile();
        String fresh =
                Base64.getEncoder()
                        .encodeToString("k".repeat(32).getBytes(StandardCharsets.US_ASCII));
        PrivateFiles.write(
                key,
                ("# new\n" + fresh + "\n" + Files.readString(key))
                        .getBytes(StandardCharsets.US_ASCII));
        open();
        assertThat(state.token("home")).isEqualTo(token);
        close();
        PrivateFiles.write(key, fresh.getBytes(StandardCharsets.US_ASCII));
        open();
        assertThat(state.token("home")).isEqualTo(token);
    }

    @Test
    void sealedSecretOpensOnlyForItsTunnel() throws Exception {
        SecretSeal secrets = SecretSeal.open(temp.resolve("other.key"), null);
        UUID id = UUID.randomUUID();
        SecretSeal.Sealed sealed = secrets.seal(id, new byte[32]);
        assertThat(secrets.unseal(id, sealed)).isEqualTo(new byte[32]);
        assertThat(refused(() -> secrets.unseal(UUID.randomUUID(), sealed)).code())
                .isEqualTo(Code.KEY);
        assertThat(secrets.seal(id, new byte[32]).nonce).isNotEqualTo(sealed.nonce);
    }

    @Test
    void aTunnelsConfigurationHasAVersionThatOnlyGrows() throws Exception {
        UUID home = state.createTunnel("home").id();
        assertThat(state.directory().tunnel(home).configuration()).isNull();
        assertThat(refused(() -> state.configuration("home")).code()).isEqualTo(Code.NOT_FOUND);

        assertThat(state.configureTunnel("home", "{1}").version()).isEqualTo(1);
        assertThat(state.configureTunnel(home.toString(), "{2}").version()).isEqualTo(2);
        state.rotateTunnel("home");
        reopen();
        assertThat(state.directory().tunnel(home).configuration())
                .isEqualTo(new TunnelConfiguration(2, "{2}"));
        assertThat(state.listTunnels().getFirst().configuration().version()).isEqualTo(2);

        state.removeConfiguration("home");
        assertThat(state.directory().tunnel(home).configuration()).isNull();
        assertThat(refused(() -> state.removeConfiguration("home")).code())
                .isEqualTo(Code.NOT_FOUND);
        reopen();
        assertThat(state.directory().tunnel(home).configuration()).isNull();
        assertThat(state.configureTunnel("home", "{3}").version()).isEqualTo(3);

        state.deleteTunnel("home", false);
        reopen();
        assertThat(state.listTunnels()).isEmpty();
    }

    @Test
    void refusesAConfigurationConnectorsWouldNotTake() throws Exception {
        state.createTunnel("home");
        String json = "\"" + "x".repeat(TunnelConfiguration.MAX_BYTES) + "\"";
        assertThat(refused(() -> state.configureTunnel("home", json)).code()).isEqualTo(Code.LIMIT);
        assertThat(refused(() -> state.configureTunnel("none", "{}")).code())
                .isEqualTo(Code.NOT_FOUND);
    }

    @Test
    void bringsAStateOfTheFirstReleaseUpToDate() throws Exception {
        state.createTunnel("home");
        close();
        directory = StateDirectory.open(directory.path());
        Database database = Database.open(directory);
        database.transaction(c -> {
            try (var statement = c.createStatement()) {
                for (String table : newestFirst(statement)) {
                    if (!FIRST_RELEASE.contains(table)) {
                        statement.executeUpdate("DROP TABLE " + table);
                    }
                }
                return statement.executeUpdate("DELETE FROM schema_versions WHERE version > 1");
            }
        });
        database.close();
        directory.close();
        open();
        assertThat(state.configureTunnel("home", "{}").version()).isEqualTo(1);
    }

    private static List<String> newestFirst(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery(
                        "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid DESC")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    @Test
    void refusesSchemaOfANewerRelease() throws Exception {
        close();
        directory = StateDirectory.open(directory.path());
        Database database = Database.open(directory);
        database.transaction(c -> {
            try (var statement = c.createStatement()) {
                return statement.executeUpdate(
                        "INSERT INTO schema_versions (version, applied_at) VALUES (99, 0)");
            }
        });
        database.close();
        directory.close();
        assertThat(refused(this::open)).hasMessageContaining("schema version 99");
    }

    @Test
    void writesThroughAFullyWrittenLog() throws Exception {
        close();
        directory = StateDirectory.open(directory.path());
        try (Database database = Database.open(directory)) {
            assertThat(pragma(database, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(database, "synchronous")).isEqualTo("2");
            assertThat(pragma(database, "foreign_keys")).isEqualTo("1");
        }
        directory.close();
        open();
    }

    private static String pragma(Database database, String name) throws Exception {
        return database.transaction(c -> {
            try (var statement = c.createStatement();
                    var rows = statement.executeQuery("PRAGMA " + name)) {
                rows.next();
                return rows.getString(1);
            }
        });
    }

    @Test
    void aHostThatTheEdgeAnswersItselfTakesNoRouteAndOneThatIsThereIsToldOf() throws Exception {
        state.createTunnel("home");
        state.addRoute("auth.example.com", "home", true);
        Logger logger = (Logger) LoggerFactory.getLogger("dev.culvert");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            state.reserve("auth.example.com", "is the auth_host");
            state.reserve("other.example.com", "is another");
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .singleElement()
                .extracting(ILoggingEvent::getFormattedMessage)
                .asString()
                .contains("no effect", "auth.example.com", "gateway route remove auth.example.com");
        state.removeRoute("auth.example.com");
        StateException refusal = refused(() -> state.addRoute("Auth.Example.com.", "home", true));
        assertThat(refusal.code()).isEqualTo(Code.CONFLICT);
        assertThat(refusal).hasMessageContaining("auth.example.com is the auth_host");
        assertThat(state.listRoutes()).isEmpty();
        state.addRoute("*.example.com", "home", false);
    }

    @Test
    void logsSayWhatChangedWithoutSecrets() throws Exception {
        Logger logger = (Logger) LoggerFactory.getLogger("dev.culvert");
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        try {
            state.createTunnel("home");
            byte[] first = secretOf(state.token("home"));
            state.rotateTunnel("home");
            byte[] second = secretOf(state.token("home"));
            reopen();
            state.deleteTunnel("home", false);
            String text =
                    String.join(
                            "\n",
                            log.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
            assertThat(text).contains("Tunnel created", "secret rotated", "Tunnel deleted");
            for (byte[] secret : List.of(first, second)) {
                assertThat(text)
                        .doesNotContain(
                                Base64.getEncoder().encodeToString(secret),
                                HexFormat.of().formatHex(secret));
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void threadsTakeTurns() throws Exception {
        state.createTunnel("home");
        List<Integer> routes = java.util.Collections.synchronizedList(new ArrayList<>());
        state.onChange(d -> routes.add(d.routes()));
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < 8; t++) {
            int number = t;
            threads.add(
                    Thread.ofVirtual()
                            .start(() -> {
                                for (int i = 0; i < 10; i++) {
                                    try {
                                        state.addRoute(
                                                "r" + number + "-" + i + ".example.com",
                                                "home",
                                                true);
                                    } catch (StateException e) {
                                        throw new AssertionError(e);
                                    }
                                }
                            }));
        }
        for (Thread thread : threads) {
            assertThat(thread.join(java.time.Duration.ofSeconds(30))).isTrue();
        }
        assertThat(routes).hasSize(81).isSorted();
        reopen();
        assertThat(state.listRoutes()).hasSize(80);
    }

    @Test
    void deletingForgetsTheSecret() throws Exception {
        state.createTunnel("home");
        state.deleteTunnel("home", false);
        close();
        directory = StateDirectory.open(directory.path());
        try (Database database = Database.open(directory)) {
            assertThat(
                            database.<String>transaction(c -> {
                                try (var statement = c.createStatement();
                                        var rows =
                                                statement.executeQuery(
                                                        "SELECT COUNT(*) FROM tunnels WHERE"
                                                                + " secret_ciphertext IS NULL"
                                                                + " AND deleted_at > 0")) {
                                    rows.next();
                                    return rows.getString(1);
                                }
                            }))
                    .isEqualTo("1");
        }
        directory.close();
        open();
    }
}
