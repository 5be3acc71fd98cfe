package dev.culvert.edge.tokens;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import dev.culvert.policy.Identity;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class TokensTest {
    private static final String AUD = "a".repeat(64);
    private static final UUID SESSION = UUID.randomUUID();
    private static final Identity ANN =
            new Identity(
                    "id-ann", "ann@example.com", "Ann", "local", List.of(), List.of(), Map.of());

    @TempDir Path temp;
    private StateDirectory directory;
    private State state;
    private SigningKeys keys;
    private Tokens tokens;
    private Instant now = Instant.parse("2026-11-29T08:00:00Z");

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        keys = new SigningKeys(state.database(), state.secrets(), () -> now);
        tokens = new Tokens(keys, () -> "https://auth.example.com", () -> now);
    }

    @AfterEach
    void close() {
        state.close();
        directory.close();
    }

    private String good() {
        return tokens.issue(AccessToken.Type.APP, AUD, SESSION, ANN, now.plus(Duration.ofHours(1)));
    }

    private AccessToken read(String token) {
        return tokens.read(token, AccessToken.Type.APP, AUD);
    }

    private JWTClaimsSet claims() throws Exception {
        return SignedJWT.parse(good()).getJWTClaimsSet();
    }

    @Test
    void whatWasIssuedIsReadUntilItExpires() {
        String token = good();
        AccessToken read = read(token);
        assertThat(read.session()).isEqualTo(SESSION);
        assertThat(read.subject()).isEqualTo("id-ann");
        now = now.plus(Duration.ofMinutes(61));
        assertThat(read(token)).isNull();
    }

    /// It parses what it stores, and writes the header's fields in alphabetical order when it shows it.
    @Test
    void aTokenThatCloudflaredHasWrittenAnewIsStillGood() throws Exception {
        String[] parts = good().split("\\.");
        String header = new String(Base64.getUrlDecoder().decode(parts[0]), StandardCharsets.UTF_8);
        assertThat(header)
                .isEqualTo(
                        new JsonMapper()
                                .writeValueAsString(
                                        new TreeMap<>(
                                                new JsonMapper().readValue(header, Map.class))));
    }

    @Test
    void otherAudiencesAndTypesAreRefused() {
        assertThat(tokens.read(good(), AccessToken.Type.APP, "b".repeat(64))).isNull();
        assertThat(tokens.read(good(), AccessToken.Type.ORG, AUD)).isNull();
        Instant later = now.plusSeconds(60);
        assertThat(read(tokens.assertPerson(AUD, SESSION, ANN, null, later))).isNull();
        assertThat(read(tokens.assertMachine(AUD, "ci", later))).isNull();
        assertThat(read(tokens.metadata(AUD, "a.example.com", "auth.example.com"))).isNull();
    }

    @Test
    void anUnsignedTokenIsRefused() throws Exception {
        assertThat(read(new PlainJWT(claims()).serialize())).isNull();
        String[] parts = good().split("\\.");
        String none =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(
                                ("{\"alg\":\"none\",\"kid\":\"" + keys.current().kid() + "\"}")
                                        .getBytes(StandardCharsets.UTF_8));
        assertThat(read(none + "." + parts[1] + ".")).isNull();
        assertThat(read(none + "." + parts[1] + "." + parts[2])).isNull();
    }

    /// The public key is public: as a shared secret it must be good for nothing.
    @Test
    void thePublicKeyIsNoSharedSecret() throws Exception {
        RSAKey published = JWKSet.parse(keys.jwks()).getKeys().getFirst().toRSAKey();
        for (byte[] secret :
                List.of(
                        published.toRSAPublicKey().getEncoded(),
                        published.toJSONString().getBytes(StandardCharsets.UTF_8))) {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.HS256)
                                    .keyID(published.getKeyID())
                                    .build(),
                            claims());
            token.sign(new MACSigner(secret));
            assertThat(read(token.serialize())).isNull();
        }
    }

    @Test
    void anotherKeyUnderOurNameIsRefusedAndSoIsOneInTheHeader() throws Exception {
        RSAKey theirs = new RSAKeyGenerator(2048).generate();
        SignedJWT named =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256)
                                .keyID(keys.current().kid())
                                .build(),
                        claims());
        named.sign(new RSASSASigner(theirs));
        assertThat(read(named.serialize())).isNull();
        SignedJWT brought =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(theirs.toPublicJWK()).build(),
                        claims());
        brought.sign(new RSASSASigner(theirs));
        assertThat(read(brought.serialize())).isNull();
    }

    @Test
    void anotherAlgorithmWithOurKeyIsRefused() throws Exception {
        SignedJWT token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.PS256)
                                .keyID(keys.current().kid())
                                .build(),
                        claims());
        token.sign(keys.current().signer());
        assertThat(read(token.serialize())).isNull();
    }

    @Test
    void anotherIssuerAndTimesToComeAreRefused() throws Exception {
        for (JWTClaimsSet claims :
                List.of(
                        new JWTClaimsSet.Builder(claims()).issuer("https://evil.example").build(),
                        new JWTClaimsSet.Builder(claims()).expirationTime(null).build(),
                        new JWTClaimsSet.Builder(claims()).claim("sid", null).build(),
                        new JWTClaimsSet.Builder(claims()).claim("sid", "x").build(),
                        new JWTClaimsSet.Builder(claims()).audience(List.of(AUD, "b")).build(),
                        new JWTClaimsSet.Builder(claims())
                                .notBeforeTime(Date.from(now.plusSeconds(90)))
                                .build())) {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256)
                                    .keyID(keys.current().kid())
                                    .build(),
                            claims);
            token.sign(keys.current().signer());
            assertThat(read(token.serialize())).as(claims.toString()).isNull();
        }
    }

    @Test
    void whatIsAlteredOrNoTokenAtAllIsRefused() {
        String token = good();
        char last = token.charAt(token.length() - 2);
        String altered = token.substring(0, token.length() - 2) + (last == 'A' ? 'B' : 'A') + "A";
        for (String text : List.of(altered, "", "a.b.c", "..", token + "x", "x".repeat(9000))) {
            assertThat(read(text)).isNull();
        }
    }

    @Test
    void keysOfBeforeARotationVerifyUntilTheyRetire() throws Exception {
        String token =
                tokens.issue(
                        AccessToken.Type.APP, AUD, SESSION, ANN, now.plus(Duration.ofDays(60)));
        now = now.plusSeconds(1);
        keys.rotate();
        Tokens fresh = new Tokens(keys, () -> "https://auth.example.com", () -> now);
        assertThat(fresh.read(token, AccessToken.Type.APP, AUD)).isNotNull();
        assertThat(JWKSet.parse(keys.jwks()).getKeys()).hasSize(2);
        assertThat(keys.jwks()).doesNotContain("\"d\"").doesNotContain("\"p\"");
        SigningKeys reopened = new SigningKeys(state.database(), state.secrets(), () -> now);
        assertThat(reopened.current().kid()).isEqualTo(keys.current().kid());
        now = now.plus(Duration.ofDays(32));
        keys.maintain();
        assertThat(fresh.read(good(), AccessToken.Type.APP, AUD)).isNotNull();
        Tokens later = new Tokens(keys, () -> "https://auth.example.com", () -> now);
        assertThat(later.read(token, AccessToken.Type.APP, AUD)).isNull();
    }
}
