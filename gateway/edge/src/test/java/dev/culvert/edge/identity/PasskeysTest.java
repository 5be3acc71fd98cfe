package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.StateException.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PasskeysTest {
    @TempDir Path temp;
    private Accounts accounts;
    private Passkeys passkeys;
    private Challenges challenges;
    private User ann;
    private SoftwareAuthenticator key;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        passkeys = accounts.passkeys;
        challenges = new Challenges(accounts.clock);
        ann = accounts.users.create("ann@example.com", "Ann", false);
        key = new SoftwareAuthenticator(Accounts.AUTHORITY);
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private byte[] challenge() {
        return challenges.issue("browser", "192.0.2.7");
    }

    private Passkey add(UUID user, String name, String json, byte[] challenge) throws Exception {
        return passkeys.register(user, name, json, challenge, Accounts.AUTHORITY);
    }

    private User verify(String json, byte[] challenge) throws Exception {
        return passkeys.verify(json, challenge, Accounts.AUTHORITY);
    }

    private void register() throws Exception {
        byte[] challenge = challenge();
        add(ann.id(), "Laptop", key.create(ann.id(), challenge), challenge);
    }

    @Test
    void aPasskeyThatWasAddedSignsItsUserIn() throws Exception {
        register();
        assertThat(passkeys.list(ann.id()))
                .containsExactly(new Passkey(key.id(), "Laptop", accounts.clock.instant(), null));
        accounts.clock.move(Duration.ofHours(1));
        byte[] challenge = challenge();
        assertThat(verify(key.get(ann.id(), challenge), challenge)).isEqualTo(ann);
        assertThat(passkeys.list(ann.id()))
                .extracting(Passkey::lastUsedAt)
                .containsExactly(accounts.clock.instant());
    }

    @Test
    void optionsAskForADiscoverableKeyWithTheUserVerified() throws Exception {
        register();
        byte[] challenge = challenge();
        JsonNode create = passkeys.creationOptions(ann, challenge);
        assertThat(create.at("/rp/id").asString()).isEqualTo("auth.example.com");
        assertThat(create.at("/authenticatorSelection/residentKey").asString())
                .isEqualTo("required");
        assertThat(create.at("/authenticatorSelection/userVerification").asString())
                .isEqualTo("required");
        assertThat(create.at("/attestation").asString()).isEqualTo("none");
        assertThat(create.at("/excludeCredentials/0/id").asString()).isEqualTo(key.id());
        assertThat(create.at("/pubKeyCredParams/0/alg").asInt()).isEqualTo(-7);
        JsonNode get = passkeys.requestOptions(challenge);
        assertThat(get.at("/rpId").asString()).isEqualTo("auth.example.com");
        assertThat(get.at("/userVerification").asString()).isEqualTo("required");
        assertThat(get.has("allowCredentials")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://auth.example.com",
                "https://auth.example.com:9443",
                "http://auth.example.com:8443",
                "https://app.example.com:8443",
                "https://evil.example"
            })
    void anAnswerFromAnotherOriginIsRefused(String origin) throws Exception {
        register();
        key.origin = origin;
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
        SoftwareAuthenticator other = new SoftwareAuthenticator(Accounts.AUTHORITY);
        other.origin = origin;
        refused(
                Code.INVALID,
                () -> add(ann.id(), "Other", other.create(ann.id(), challenge), challenge));
    }

    @Test
    void anAnswerForAnotherRelyingPartyIsRefused() throws Exception {
        register();
        key.rpId = "example.com";
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
        SoftwareAuthenticator other = new SoftwareAuthenticator(Accounts.AUTHORITY);
        other.rpId = "example.com";
        refused(
                Code.INVALID,
                () -> add(ann.id(), "Other", other.create(ann.id(), challenge), challenge));
    }

    @Test
    void anAnswerToAnotherChallengeIsRefused() throws Exception {
        register();
        byte[] old = challenge();
        String answer = key.get(ann.id(), old);
        refused(Code.INVALID, () -> verify(answer, challenge()));
    }

    @Test
    void aChallengeIsGoodOnceForOneBrowserAndForFiveMinutes() {
        byte[] challenge = challenges.issue("browser", "192.0.2.7");
        assertThat(challenges.take("another")).isEmpty();
        assertThat(challenges.take("browser"))
                .hasValueSatisfying(c -> assertThat(c).isEqualTo(challenge));
        assertThat(challenges.take("browser")).isEmpty();
        challenges.issue("browser", "192.0.2.7");
        accounts.clock.move(Duration.ofMinutes(5));
        assertThat(challenges.take("browser")).isEmpty();
    }

    @Test
    void aNewChallengeReplacesTheOneBefore() {
        byte[] old = challenges.issue("browser", "192.0.2.7");
        byte[] fresh = challenges.issue("browser", "192.0.2.7");
        assertThat(fresh).hasSize(32).isNotEqualTo(old);
        assertThat(challenges.take("browser"))
                .hasValueSatisfying(c -> assertThat(c).isEqualTo(fresh));
    }

    @Test
    void aUserWhoWasNotVerifiedIsRefused() throws Exception {
        register();
        key.verifiesUser = false;
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
        SoftwareAuthenticator other = new SoftwareAuthenticator(Accounts.AUTHORITY);
        other.verifiesUser = false;
        refused(
                Code.INVALID,
                () -> add(ann.id(), "Other", other.create(ann.id(), challenge), challenge));
    }

    @Test
    void aSignCountThatDoesNotGrowIsRefused() throws Exception {
        register();
        byte[] challenge = challenge();
        verify(key.get(ann.id(), challenge), challenge);
        key.signCount = 0;
        byte[] next = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), next), next));
    }

    @Test
    void anAuthenticatorThatDoesNotCountIsAccepted() throws Exception {
        register();
        for (int i = 0; i < 2; i++) {
            key.signCount = -1;
            byte[] challenge = challenge();
            assertThat(verify(key.get(ann.id(), challenge), challenge)).isEqualTo(ann);
        }
    }

    @Test
    void aKeyThatIsNotTheOneAddedIsRefused() throws Exception {
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
        register();
        SoftwareAuthenticator thief = key.withOtherKeys();
        refused(Code.INVALID, () -> verify(thief.get(ann.id(), challenge), challenge));
    }

    @Test
    void aKeyThatNamesAnotherUserIsRefused() throws Exception {
        register();
        User bob = accounts.users.create("bob@example.com", "Bob", false);
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(bob.id(), challenge), challenge));
    }

    @Test
    void aDisabledUsersKeyIsRefused() throws Exception {
        register();
        accounts.users.disable(ann.id());
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
    }

    @Test
    void theSameKeyIsNotAddedTwiceNorMoreThanTwenty() throws Exception {
        register();
        byte[] challenge = challenge();
        refused(
                Code.CONFLICT,
                () -> add(ann.id(), "Again", key.create(ann.id(), challenge), challenge));
        List<SoftwareAuthenticator> more = new ArrayList<>();
        for (int i = 0; i < Passkeys.MAX_OF_ONE_USER; i++) {
            more.add(new SoftwareAuthenticator(Accounts.AUTHORITY));
        }
        SoftwareAuthenticator last = more.removeLast();
        for (SoftwareAuthenticator each : more) {
            add(ann.id(), "Key", each.create(ann.id(), challenge), challenge);
        }
        refused(
                Code.LIMIT,
                () -> add(ann.id(), "Key", last.create(ann.id(), challenge), challenge));
    }

    @Test
    void onlyTheOwnerRenamesAndRemoves() throws Exception {
        register();
        User bob = accounts.users.create("bob@example.com", "Bob", false);
        assertThat(passkeys.rename(bob.id(), key.id(), "Mine")).isFalse();
        assertThat(passkeys.remove(bob.id(), key.id())).isFalse();
        assertThat(passkeys.rename(ann.id(), key.id(), "Phone")).isTrue();
        assertThat(passkeys.list(ann.id())).extracting(Passkey::name).containsExactly("Phone");
        assertThat(passkeys.remove(ann.id(), key.id())).isTrue();
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(key.get(ann.id(), challenge), challenge));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\"}",
                "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":{}}",
                "{\"id\":\"AA\",\"rawId\":\"AA\",\"type\":\"public-key\",\"response\":"
                        + "{\"clientDataJSON\":\"e30\",\"authenticatorData\":\"AA\",\"signature\":\"AA\","
                        + "\"attestationObject\":\"oA\",\"userHandle\":\"AA\"}}",
                "not JSON"
            })
    void whatIsNoAnswerIsRefused(String json) throws Exception {
        register();
        byte[] challenge = challenge();
        refused(Code.INVALID, () -> verify(json, challenge));
        refused(Code.INVALID, () -> add(ann.id(), "Key", json, challenge));
    }
}
