package dev.culvert.edge.identity;

import com.webauthn4j.data.AuthenticationData;
import com.webauthn4j.data.RegistrationData;
import com.webauthn4j.data.attestation.AttestationObject;
import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The users' passkeys: discoverable, so that nobody types a name, and with the user verified, so that one
/// is two factors. Each keeps the attestation object it was registered with and the highest sign count.
///
/// Thread-safe. Blocking: virtual threads only.
public final class Passkeys {
    static final int MAX_OF_ONE_USER = 20;
    private static final int MAX_CREDENTIAL_BYTES = 16 * 1024;
    private static final int TIMEOUT_MILLIS = 300_000;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Database database;
    private final InstantSource clock;
    private final RelyingParty party;

    /// @param host the auth host, without port
    public Passkeys(Database database, InstantSource clock, String host) {
        this.database = database;
        this.clock = clock;
        this.party = new RelyingParty(host);
    }

    private record Row(User owner, byte[] attestation, long signCount) {}

    /// By the time they were added.
    public List<Passkey> list(UUID user) throws StateException {
        return database.transaction(c -> list(c, user));
    }

    /// How many each user has; users who have none are missing. Blocking.
    public Map<UUID, Integer> counts() throws StateException {
        return database
                .transaction(c ->
                        Sql.all(
                                c,
                                "SELECT user_id, COUNT(*) AS keys FROM passkeys GROUP BY user_id",
                                row -> Map.entry(Sql.id(row, "user_id"), row.getInt("keys"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static List<Passkey> list(Connection connection, UUID user) throws SQLException {
        return Sql.all(
                connection,
                "SELECT credential_id, name, created_at, last_used_at FROM passkeys"
                        + " WHERE user_id = ? ORDER BY created_at, credential_id",
                row ->
                        new Passkey(
                                row.getString("credential_id"),
                                row.getString("name"),
                                Sql.time(row, "created_at"),
                                Sql.timeOrNull(row, "last_used_at")),
                user);
    }

    /// What the page gives `navigator.credentials.create`: `PublicKeyCredentialCreationOptionsJSON`.
    public ObjectNode creationOptions(User user, byte[] challenge) throws StateException {
        ObjectNode options = JSON.createObjectNode();
        options.putObject("rp").put("id", party.id()).put("name", party.id());
        options.putObject("user")
                .put("id", base64(handle(user.id())))
                .put("name", user.email())
                .put("displayName", user.name());
        options.put("challenge", base64(challenge)).put("timeout", TIMEOUT_MILLIS);
        ArrayNode algorithms = options.putArray("pubKeyCredParams");
        RelyingParty.algorithms()
                .forEach(alg -> algorithms.addObject().put("type", "public-key").put("alg", alg));
        ArrayNode known = options.putArray("excludeCredentials");
        list(user.id())
                .forEach(key -> known.addObject().put("type", "public-key").put("id", key.id()));
        options.putObject("authenticatorSelection")
                .put("residentKey", "required")
                .put("requireResidentKey", true)
                .put("userVerification", "required");
        return options.put("attestation", "none");
    }

    /// What the page gives `navigator.credentials.get`: `PublicKeyCredentialRequestOptionsJSON`. Names no
    /// credential, so it tells nothing about who has one.
    public ObjectNode requestOptions(byte[] challenge) {
        return JSON.createObjectNode()
                .put("challenge", base64(challenge))
                .put("timeout", TIMEOUT_MILLIS)
                .put("rpId", party.id())
                .put("userVerification", "required");
    }

    /// Adds the passkey the browser made.
    ///
    /// @param json `PublicKeyCredential` as JSON
    /// @param authority host and port that the request came to
    /// @throws StateException when it is not accepted
    public Passkey register(UUID user, String name, String json, byte[] challenge, String authority)
            throws StateException {
        String shown = PersonName.parse(name);
        RegistrationData answer = party.registered(json, challenge, authority);
        byte[] attestation = answer.getAttestationObjectBytes();
        if (attestation == null || attestation.length > MAX_CREDENTIAL_BYTES) {
            throw new StateException(
                    Code.INVALID,
                    "the passkey's answer is longer than " + MAX_CREDENTIAL_BYTES + " bytes",
                    "use another authenticator");
        }
        String id = base64(credentialId(answer));
        Instant now = Instant.ofEpochMilli(clock.millis());
        database.transaction(c -> insert(c, user, id, shown, attestation, signCount(answer), now));
        return new Passkey(id, shown, now, null);
    }

    private static boolean insert(
            Connection connection,
            UUID user,
            String id,
            String name,
            byte[] attestation,
            long signCount,
            Instant now)
            throws SQLException, StateException {
        if (list(connection, user).size() >= MAX_OF_ONE_USER) {
            throw new StateException(
                    Code.LIMIT,
                    "there are " + MAX_OF_ONE_USER + " passkeys already",
                    "remove one that is not used");
        }
        int inserted =
                Sql.update(
                        connection,
                        "INSERT INTO passkeys (credential_id, user_id, name, credential,"
                                + " sign_count, created_at) VALUES (?, ?, ?, ?, ?, ?)"
                                + " ON CONFLICT (credential_id) DO NOTHING",
                        id,
                        user,
                        name,
                        attestation,
                        signCount,
                        now);
        if (inserted == 0) {
            throw new StateException(
                    Code.CONFLICT, "this passkey is known already", "use it, or add another one");
        }
        return true;
    }

    /// The enabled user whose passkey signed the challenge.
    ///
    /// @param json `PublicKeyCredential` as JSON
    /// @param authority host and port that the request came to
    /// @throws StateException when the answer is not accepted; says why, for the audit log
    public User verify(String json, byte[] challenge, String authority) throws StateException {
        AuthenticationData answer = party.parsed(json);
        String id = base64(Objects.requireNonNullElse(answer.getCredentialId(), new byte[0]));
        Row row =
                database.transaction(c -> row(c, id))
                        .orElseThrow(() -> refused("it is not known here"));
        byte[] handle = answer.getUserHandle();
        if (handle == null || !MessageDigest.isEqual(handle, handle(row.owner().id()))) {
            throw refused("it names another user");
        }
        party.check(answer, row.attestation(), row.signCount(), challenge, authority);
        if (!row.owner().isEnabled()) {
            throw refused("its user is disabled");
        }
        long signCount = Objects.requireNonNull(answer.getAuthenticatorData()).getSignCount();
        if (!database.transaction(c -> used(c, id, signCount))) {
            throw refused("its sign count was used meanwhile");
        }
        return row.owner();
    }

    private static Optional<Row> row(Connection connection, String id) throws SQLException {
        return Sql.first(
                connection,
                "SELECT user_id, credential, sign_count FROM passkeys WHERE credential_id = ?",
                row -> read(connection, row),
                id);
    }

    private static Row read(Connection connection, ResultSet row) throws SQLException {
        return new Row(
                UserTable.byId(connection, Sql.id(row, "user_id")).orElseThrow(),
                row.getBytes("credential"),
                row.getLong("sign_count"));
    }

    /// Authenticators that do not count stay at zero.
    private boolean used(Connection connection, String id, long signCount) throws SQLException {
        return Sql.update(
                        connection,
                        "UPDATE passkeys SET sign_count = ?, last_used_at = ?"
                                + " WHERE credential_id = ? AND (sign_count < ? OR sign_count = 0)",
                        signCount,
                        clock.instant(),
                        id,
                        signCount)
                == 1;
    }

    /// @return false when the user has no such passkey
    public boolean rename(UUID user, String id, String name) throws StateException {
        String shown = PersonName.parse(name);
        return database.transaction(c ->
                Sql.update(
                                c,
                                "UPDATE passkeys SET name = ? WHERE credential_id = ?"
                                        + " AND user_id = ?",
                                shown,
                                id,
                                user)
                        == 1);
    }

    /// @return false when the user has no such passkey
    public boolean remove(UUID user, String id) throws StateException {
        return database.transaction(c ->
                Sql.update(
                                c,
                                "DELETE FROM passkeys WHERE credential_id = ? AND user_id = ?",
                                id,
                                user)
                        == 1);
    }

    private static byte[] credentialId(RegistrationData answer) {
        return Objects.requireNonNull(
                        attestation(answer).getAuthenticatorData().getAttestedCredentialData())
                .getCredentialId();
    }

    private static long signCount(RegistrationData answer) {
        return attestation(answer).getAuthenticatorData().getSignCount();
    }

    private static AttestationObject attestation(RegistrationData answer) {
        return Objects.requireNonNull(answer.getAttestationObject());
    }

    /// The user's id as authenticators keep it.
    private static byte[] handle(UUID user) {
        return ByteBuffer.allocate(16)
                .putLong(user.getMostSignificantBits())
                .putLong(user.getLeastSignificantBits())
                .array();
    }

    private static String base64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static StateException refused(String why) {
        return new StateException(
                Code.INVALID,
                "the passkey was not accepted: " + why,
                "sign in another way, then look at your passkeys");
    }
}
