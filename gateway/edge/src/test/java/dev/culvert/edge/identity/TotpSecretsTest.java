package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TotpSecretsTest {
    @TempDir Path temp;
    private Accounts accounts;
    private TotpSecrets totp;
    private User ann;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        totp = accounts.totp;
        ann = accounts.user("ann@example.com");
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    private App enrolled() throws Exception {
        TotpSecrets.Offer offer = totp.offer(ann);
        App app = new App(offer.secret(), accounts.clock);
        assertThat(totp.accept(ann.id(), offer, app.code())).isTrue();
        accounts.clock.move(Duration.ofSeconds(30));
        return app;
    }

    private boolean asked() throws Exception {
        return accounts.users.byId(ann.id()).orElseThrow().hasTotp();
    }

    @Test
    void aSecretCountsOnceACodeHasProvenIt() throws Exception {
        TotpSecrets.Offer offer = totp.offer(ann);
        App app = new App(offer.secret(), accounts.clock);
        assertThat(offer.uri()).contains("secret=" + offer.secret()).contains("auth.example.com");
        assertThat(totp.accept(ann.id(), offer, app.wrongCode())).isFalse();
        assertThat(asked()).isFalse();
        assertThat(totp.use(ann.id(), app.code())).isFalse();
        assertThat(totp.accept(ann.id(), offer, app.code())).isTrue();
        assertThat(asked()).isTrue();
    }

    @Test
    void aCodeIsGoodOnceAndNeverTheOneBefore() throws Exception {
        App app = enrolled();
        String before = app.code();
        accounts.clock.move(Duration.ofSeconds(30));
        assertThat(totp.use(ann.id(), app.code())).isTrue();
        assertThat(totp.use(ann.id(), app.code())).isFalse();
        assertThat(totp.use(ann.id(), before)).isFalse();
        accounts.clock.move(Duration.ofSeconds(30));
        assertThat(totp.use(ann.id(), app.code())).isTrue();
    }

    @Test
    void theCodeThatProvedTheSecretIsNotGoodForASignIn() throws Exception {
        TotpSecrets.Offer offer = totp.offer(ann);
        App app = new App(offer.secret(), accounts.clock);
        totp.accept(ann.id(), offer, app.code());
        assertThat(totp.use(ann.id(), app.code())).isFalse();
    }

    @Test
    void afterRemovalNoCodeIsGood() throws Exception {
        App app = enrolled();
        totp.remove(ann.id());
        assertThat(asked()).isFalse();
        assertThat(totp.use(ann.id(), app.code())).isFalse();
        assertThat(totp.use(UUID.randomUUID(), app.code())).isFalse();
    }

    @Test
    void aNewSecretReplacesTheOneBefore() throws Exception {
        App old = enrolled();
        App fresh = enrolled();
        assertThat(totp.use(ann.id(), old.code())).isFalse();
        assertThat(totp.use(ann.id(), fresh.code())).isTrue();
    }

    @Test
    void theSecretIsSealedInTheDatabaseAndSealedAgainUnderANewKey() throws Exception {
        App app = enrolled();
        accounts.close();
        Path key = temp.resolve("state").resolve("secret.key");
        String old = Files.readString(key);
        byte[] fresh = new byte[32];
        fresh[0] = 7;
        Files.writeString(
                key,
                Base64.getEncoder().encodeToString(fresh) + "\n" + old,
                StandardCharsets.US_ASCII);
        accounts = new Accounts(temp.resolve("state"), accounts.clock);
        accounts.close();
        Files.writeString(key, Base64.getEncoder().encodeToString(fresh) + "\n");
        accounts = new Accounts(temp.resolve("state"), accounts.clock);
        assertThat(accounts.totp.use(ann.id(), app.code())).isTrue();
    }
}
