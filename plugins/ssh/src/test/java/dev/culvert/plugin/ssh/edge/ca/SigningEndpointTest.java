package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.edge.SshRights.Use;
import dev.culvert.plugin.edge.SshSettings;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SigningEndpointTest {
    private static final String TOKEN = "token-of-ann";

    private final MemoryServices services = new MemoryServices();
    private final Authority authority = new Authority(services);
    private final SigningEndpoint endpoint = new SigningEndpoint(services, authority);
    private final SshPublicKey key = Keys.ed25519();

    @BeforeEach
    void annMaySignInAsAnn() {
        services.byToken.put(TOKEN, Ann.with(List.of("ann"), Use.SHELL));
    }

    @Test
    void whoeverMayComeInGetsACertificateForTheirKey() throws Exception {
        MemoryExchange exchange = post(body(key.line() + "\n", TOKEN));

        assertThat(exchange.status()).isEqualTo(200);
        assertThat(exchange.answered().first("Content-Type")).isEqualTo("application/json");
        assertThat(exchange.answered().first("Cache-Control")).isEqualTo("no-store");
        FlatObject answer = FlatObject.parse("answer", exchange.answer(), 64 * 1024);
        SshCertificate made = SshCertificate.ofLine(answer.requiredText("certificate"));
        assertThat(answer.requiredText("certificate")).endsWith("\n");
        assertThat(made.key()).isEqualTo(key);
        assertThat(made.principals()).containsExactly("ann");
        assertThat(Instant.parse(answer.requiredText("expires_at"))).isEqualTo(made.validBefore());
        assertThat(answer.requiredText("id")).isEqualTo(made.id());
        assertThat(authority.ofUsers()).contains(made.authority());
    }

    @Test
    void whatTheClientSaysBesidesTheKeyChangesNothing() throws Exception {
        String body =
                FlatObject.format(
                        Map.of(
                                "public_key",
                                key.line() + " root",
                                "jwt",
                                TOKEN,
                                "issuer",
                                "https://evil.example",
                                "principals",
                                "root",
                                "valid_principals",
                                "root"));
        FlatObject answer = FlatObject.parse("answer", post(body).answer(), 64 * 1024);
        assertThat(SshCertificate.ofLine(answer.requiredText("certificate")).principals())
                .containsExactly("ann");
    }

    @Test
    void aTokenThatIsNotGoodIsRefusedAsCloudflaredReadsIt() throws Exception {
        JsonNode error = refused(401, body(key.line(), "another"));
        assertThat(error.path("message").asString())
                .isEqualTo("the token is not good; sign in again");
        assertThat(error.path("code").asString()).isEqualTo("bad_token");
        assertThat(services.notes).isEmpty();
    }

    @Test
    void aSessionThatHasEndedIsRefused() throws Exception {
        services.byToken.put(TOKEN, Ann.with(List.of("ann"), Use.SHELL).until(services.now));
        assertThat(refused(401, body(key.line(), TOKEN)).path("code").asString())
                .isEqualTo("session_ended");
    }

    @Test
    void aPolicyWithoutLoginNamesIsRefused() throws Exception {
        services.byToken.put(TOKEN, Ann.with(List.of(), Use.SHELL));
        assertThat(refused(403, body(key.line(), TOKEN)).path("code").asString())
                .isEqualTo("no_principals");
    }

    /// It would open the host to sessions that the edge does not see.
    @Test
    void whereSessionsHaveToBeRecordedThereIsNoCertificate() throws Exception {
        SshSettings required =
                new SshSettings(
                        SshSettings.Passage.AUDITED,
                        SshSettings.Recording.REQUIRED,
                        SshSettings.DEFAULT.certificateLife(),
                        List.of(),
                        List.of());
        services.byToken.put(TOKEN, Ann.with(List.of("ann"), Use.SHELL).settings(required));
        JsonNode error = refused(403, body(key.line(), TOKEN));
        assertThat(error.path("code").asString()).isEqualTo("recording_required");
        assertThat(error.path("message").asString())
                .contains("have to be recorded", "https://build.example.com", "ssh LOGIN%");
        assertThat(services.notes).isEmpty();
    }

    @Test
    void anAuthorityThatCannotBeReadIsSaid() throws Exception {
        services.store.breakDown();
        refused(503, body(key.line(), TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "null",
                "{",
                "{}",
                "{\"jwt\":\"token-of-ann\"}",
                "{\"public_key\":\"ssh-ed25519 AAAA\",\"jwt\":\"token-of-ann\"}",
                "{\"public_key\":1,\"jwt\":\"token-of-ann\"}",
                "{\"public_key\":\"\",\"jwt\":\"\"}"
            })
    void whatIsNoRequestIsRefused(String body) throws Exception {
        assertThat(refused(400, body).path("code").asString()).isEqualTo("invalid");
    }

    @Test
    void aCertificateInThePlaceOfAKeyIsRefused() throws Exception {
        String line = authority.sign(Ann.with(List.of("ann"), Use.SHELL), key).line();
        refused(400, body(line, TOKEN));
    }

    @Test
    void aBodyThatIsTooLongIsRefusedBeforeItIsRead() throws Exception {
        refused(413, body(key.line(), "x".repeat(SignRequest.MAX_LENGTH)));
    }

    @Test
    void textThatIsNotUtf8IsRefused() throws Exception {
        MemoryExchange exchange = new MemoryExchange("POST", new byte[] {'{', (byte) 0xff, '}'});
        endpoint.handle("192.0.2.7", exchange);
        assertThat(exchange.status()).isEqualTo(400);
    }

    @Test
    void onlyPostIsAnswered() throws Exception {
        MemoryExchange exchange = new MemoryExchange("GET", new byte[0]);
        endpoint.handle("192.0.2.7", exchange);
        assertThat(exchange.status()).isEqualTo(405);
        assertThat(exchange.answered().first("Allow")).isEqualTo("POST");
    }

    @Test
    void aTokenIsNeverShown() throws ProtocolException {
        assertThat(SignRequest.parse(body(key.line(), TOKEN)).toString()).doesNotContain(TOKEN);
    }

    private JsonNode refused(int status, String body) throws IOException {
        MemoryExchange exchange = post(body);
        JsonNode error = new JsonMapper().readTree(exchange.answer());
        assertThat(exchange.status()).isEqualTo(status);
        assertThat(error.path("status").asInt()).isEqualTo(status);
        assertThat(error.path("message").asString("")).isNotEmpty().doesNotContain(TOKEN);
        return error;
    }

    private MemoryExchange post(String body) throws IOException {
        MemoryExchange exchange = new MemoryExchange("POST", body.getBytes(StandardCharsets.UTF_8));
        endpoint.handle("192.0.2.7", exchange);
        return exchange;
    }

    private static String body(String key, String token) {
        return FlatObject.format(
                Map.of("public_key", key, "jwt", token, "issuer", "https://auth.example.com"));
    }
}
