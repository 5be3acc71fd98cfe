package dev.culvert.plugin.ssh.edge.ca;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.json.FlatObject;
import dev.culvert.protocols.ssh.SshCertificate;
import dev.culvert.protocols.ssh.SshPublicKey;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AuthorityAdminTest {
    private static final JsonMapper JSON = new JsonMapper();

    private final MemoryServices services = new MemoryServices();
    private final Authority authority = new Authority(services);
    private final AuthorityAdmin admin = new AuthorityAdmin(services, authority);

    @Test
    void showsTheKeysOfBothAuthorities() throws RefusedException {
        JsonNode shown = JSON.readTree(admin.answer("GET", "authorities", "{}"));
        assertThat(states(shown, "user")).containsExactly("signing", "signing");
        assertThat(states(shown, "host")).containsExactly("signing", "signing");
        assertThat(keys(shown, "user"))
                .isEqualTo(authority.ofUsers().stream().map(SshPublicKey::line).toList());
        assertThat(shown.path("hosts").asString("")).isEqualTo("*.example.com");
    }

    @Test
    void rotatesAndActivates() throws RefusedException {
        JsonNode rotated = JSON.readTree(admin.answer("POST", "authorities/rotate", "{}"));
        assertThat(states(rotated, "user")).containsExactly("signing", "signing", "next", "next");
        JsonNode activated = JSON.readTree(admin.answer("POST", "authorities/activate", "{}"));
        assertThat(states(activated, "host"))
                .containsExactly("retired", "retired", "signing", "signing");
        assertThat(keys(activated, "host")).isEqualTo(keys(rotated, "host"));
        services.pass(KeyRings.LONGEST_OF_USERS);
        JsonNode later = JSON.readTree(admin.answer("GET", "authorities", "{}"));
        assertThat(states(later, "user")).containsExactly("signing", "signing");
        assertThat(states(later, "host")).hasSize(4);
    }

    @Test
    void forgetsRetiredKeysAtOnce() throws RefusedException {
        refused("no_retired_authority", "POST", "authorities/forget", "{}");
        admin.answer("POST", "authorities/rotate", "{}");
        admin.answer("POST", "authorities/activate", "{}");
        List<SshPublicKey> signing = authority.ofUsers().subList(2, 4);

        JsonNode rest = JSON.readTree(admin.answer("POST", "authorities/forget", "{}"));

        assertThat(states(rest, "user")).containsExactly("signing", "signing");
        assertThat(states(rest, "host")).containsExactly("signing", "signing");
        assertThat(authority.ofUsers()).isEqualTo(signing);
    }

    @Test
    void eachChangeIsAuditedWithTheKeysThatAreNew() throws RefusedException {
        admin.answer("POST", "authorities/rotate", "{\"authority\":\"user\"}");
        assertThat(services.notes).hasSize(1);
        AuditNote note = services.notes.getFirst();
        assertThat(note.outcome()).isEqualTo("changed");
        assertThat(MemoryServices.detail(note, "authority")).isEqualTo("user");
        assertThat(MemoryServices.detail(note, "keys"))
                .isEqualTo(
                        authority.ofUsers().get(2).fingerprint()
                                + ","
                                + authority.ofUsers().get(3).fingerprint());
    }

    @Test
    void oneAuthorityIsRotatedWithoutTheOther() throws RefusedException {
        String body = "{\"authority\":\"host\"}";
        JsonNode rotated = JSON.readTree(admin.answer("POST", "authorities/rotate", body));
        assertThat(states(rotated, "user")).hasSize(2);
        assertThat(states(rotated, "host")).hasSize(4);
    }

    @Test
    void whenOneCannotBeRotatedNeitherIs() throws RefusedException {
        admin.answer("POST", "authorities/rotate", "{\"authority\":\"host\"}");
        services.notes.clear();
        refused("rotation_pending", "POST", "authorities/rotate", "{}");
        assertThat(authority.ofUsers()).hasSize(2);
        assertThat(services.notes).isEmpty();
    }

    @Test
    void activatesNothingThatWasNotRotated() {
        refused("no_next_authority", "POST", "authorities/activate", "{}");
    }

    @Test
    void signsTheKeyOfAHost() throws Exception {
        SshPublicKey key = Keys.ed25519();
        String body =
                FlatObject.format(
                        Map.of(
                                "public_key",
                                key.line() + " root@build",
                                "hostname",
                                "build.example.com",
                                "life",
                                "P30D"));
        JsonNode answer = JSON.readTree(admin.answer("POST", "host-certificates", body));
        SshCertificate made = SshCertificate.ofLine(answer.path("certificate").asString(""));
        assertThat(made.use()).isEqualTo(SshCertificate.Use.HOST);
        assertThat(made.key()).isEqualTo(key);
        assertThat(made.principals()).containsExactly("build.example.com");
        assertThat(made.validBefore())
                .isEqualTo(services.now.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofDays(30)));
        assertThat(authority.ofHosts()).contains(made.authority());
        assertThat(authority.ofUsers()).doesNotContain(made.authority());
        assertThat(services.notes).hasSize(1);
        assertThat(services.notes.getFirst().host()).isEqualTo("build.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*",
                "*.example.com",
                "Build.example.com",
                "build..example.com",
                "-build",
                "build.example.com:22",
                "a,b",
                "build.example.com\nroot",
                "ä.example.com"
            })
    void signsNoHostWithoutAPlainName(String hostname) {
        String body =
                FlatObject.format(
                        Map.of("public_key", Keys.ed25519().line(), "hostname", hostname));
        refused("invalid", "POST", "host-certificates", body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"P401D", "PT59M", "-P1D", "P1Y", "365", ""})
    void signsNoHostForATimeThatIsTooLongOrTooShort(String life) {
        String body =
                FlatObject.format(
                        Map.of(
                                "public_key",
                                Keys.ed25519().line(),
                                "hostname",
                                "build.example.com",
                                "life",
                                life));
        refused("invalid", "POST", "host-certificates", body);
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        refused("unknown_path", "GET", "host-certificates", "{}");
        refused("unknown_path", "DELETE", "authorities", "{}");
        refused("unknown_path", "POST", "authorities/else", "{}");
        refused("invalid", "POST", "authorities/rotate", "{\"authority\":\"both\"}");
        refused("invalid", "POST", "authorities/rotate", "[]");
    }

    private void refused(String code, String method, String path, String body) {
        assertThatThrownBy(() -> admin.answer(method, path, body))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.next()).isNotEmpty();
                        });
    }

    private static List<String> states(JsonNode shown, String authority) {
        return texts(shown, authority, "state");
    }

    private static List<String> keys(JsonNode shown, String authority) {
        return texts(shown, authority, "key");
    }

    private static List<String> texts(JsonNode shown, String authority, String field) {
        List<String> texts = new ArrayList<>();
        shown.path(authority).forEach(one -> texts.add(one.path(field).asString("")));
        return texts;
    }
}
