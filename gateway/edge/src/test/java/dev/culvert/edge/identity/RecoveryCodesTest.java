package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryCodesTest {
    @TempDir Path temp;
    private Accounts accounts;
    private RecoveryCodes codes;
    private User ann;

    @BeforeEach
    void open() throws Exception {
        accounts = new Accounts(temp.resolve("state"));
        codes = accounts.recoveryCodes;
        ann = accounts.user("ann@example.com");
    }

    @AfterEach
    void close() {
        accounts.close();
    }

    @Test
    void tenAreGivenOutAndEachIsGoodOnce() throws Exception {
        List<String> given = codes.replace(ann.id());
        assertThat(given)
                .hasSize(10)
                .doesNotHaveDuplicates()
                .allMatch(code -> code.matches("([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}"));
        for (String code : given) {
            assertThat(codes.use(ann.id(), code)).isTrue();
            assertThat(codes.use(ann.id(), code)).isFalse();
        }
        assertThat(codes.left(ann.id())).isZero();
    }

    @Test
    void howItWasTypedMakesNoDifference() throws Exception {
        String code = codes.replace(ann.id()).getFirst();
        String typed =
                " "
                        + code.toUpperCase(Locale.ROOT)
                                .replace('-', ' ')
                                .replace('0', 'O')
                                .replace('1', 'l');
        assertThat(codes.use(ann.id(), typed)).isTrue();
    }

    @Test
    void othersCodesAndReplacedOnesAreNotGood() throws Exception {
        User bob = accounts.user("bob@example.com");
        String code = codes.replace(ann.id()).getFirst();
        assertThat(codes.use(bob.id(), code)).isFalse();
        codes.replace(ann.id());
        assertThat(codes.use(ann.id(), code)).isFalse();
        assertThat(codes.left(ann.id())).isEqualTo(10);
        codes.remove(ann.id());
        assertThat(codes.left(ann.id())).isZero();
        assertThat(codes.use(ann.id(), "")).isFalse();
    }
}
