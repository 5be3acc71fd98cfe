package dev.culvert.edge.identity;

import dev.culvert.edge.state.Database;
import dev.culvert.edge.state.Digests;
import dev.culvert.edge.state.Sql;
import dev.culvert.edge.state.StateException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/// Codes on paper for who has lost the authenticator app: ten at a time, each good once. 80 random bits
/// each, so that a plain hash keeps them.
///
/// Thread-safe. Blocking: virtual threads only.
public final class RecoveryCodes {
    static final int COUNT = 10;
    private static final int CODE_BYTES = 10;
    private static final int GROUP = 4;
    private static final SecureRandom RANDOM = new SecureRandom();

    /// Without letters that read like digits (Crockford's base 32).
    private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

    private final Database database;

    public RecoveryCodes(Database database) {
        this.database = database;
    }

    /// New codes, to be shown this once; those given out before are worthless.
    public List<String> replace(UUID user) throws StateException {
        List<String> codes = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            codes.add(newCode());
        }
        database.transaction(c -> {
            remove(c, user);
            for (String code : codes) {
                Sql.update(
                        c,
                        "INSERT INTO recovery_codes (code_hash, user_id) VALUES (?, ?)",
                        hash(user, code),
                        user);
            }
            return true;
        });
        return codes;
    }

    /// Whether this is one of the user's codes; it is not a second time.
    ///
    /// @param typed case, spaces and dashes make no difference
    public boolean use(UUID user, String typed) throws StateException {
        String hash = hash(user, typed);
        return database.transaction(c ->
                Sql.update(
                                c,
                                "DELETE FROM recovery_codes WHERE code_hash = ? AND user_id = ?",
                                hash,
                                user)
                        == 1);
    }

    /// How many have not been used.
    public int left(UUID user) throws StateException {
        return database.transaction(c ->
                Sql.first(
                                c,
                                "SELECT COUNT(*) FROM recovery_codes WHERE user_id = ?",
                                row -> row.getInt(1),
                                user)
                        .orElseThrow());
    }

    public void remove(UUID user) throws StateException {
        database.transaction(c -> remove(c, user));
    }

    private static int remove(Connection connection, UUID user) throws SQLException {
        return Sql.update(connection, "DELETE FROM recovery_codes WHERE user_id = ?", user);
    }

    private static String newCode() {
        byte[] random = new byte[CODE_BYTES];
        RANDOM.nextBytes(random);
        String plain = Base32.encode(random, ALPHABET);
        StringBuilder code = new StringBuilder();
        for (int i = 0; i < plain.length(); i += GROUP) {
            code.append(i == 0 ? "" : "-").append(plain, i, i + GROUP);
        }
        return code.toString();
    }

    private static String hash(UUID user, String typed) {
        String plain =
                typed.toLowerCase(Locale.ROOT)
                        .replaceAll("[\\s-]", "")
                        .replace('o', '0')
                        .replace('i', '1')
                        .replace('l', '1');
        byte[] text = ("recovery " + user + " " + plain).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(Digests.sha256().digest(text));
    }
}
