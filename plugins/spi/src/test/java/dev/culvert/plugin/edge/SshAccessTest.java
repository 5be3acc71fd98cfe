package dev.culvert.plugin.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshAccessTest {
    @ParameterizedTest
    @CsvSource({
        "ann@example.com, ann",
        "Ann.Lee@example.com, ann.lee",
        "ann+laptop@example.com, ann",
        "ann+a+b@example.com, ann",
        "_svc-1@example.com, _svc-1",
        "abcdefghijklmnopqrstuvwxyz012345@example.com, abcdefghijklmnopqrstuvwxyz012345"
    })
    void theUserIsTheLocalPartInLowerCaseWithoutItsTag(String email, String user) {
        assertThat(principals(email, "{user}")).containsExactly(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "o'brien@example.com",
                "1ann@example.com",
                "-ann@example.com",
                ".ann@example.com",
                "+ann@example.com",
                "@example.com",
                "",
                "ann lee@example.com",
                "\"ann,root\"@example.com",
                "ann,root@example.com",
                "ann\nroot@example.com",
                "ann\u0000@example.com",
                "änn@example.com",
                "\u212Aelvin@example.com",
                "ann@evil.example@example.com",
                "abcdefghijklmnopqrstuvwxyz0123456@example.com"
            })
    void anAddressThatIsNoPlainLoginNameGivesNone(String email) {
        assertThat(principals(email, "{user}", "dev-{user}")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"root@example.com", "ROOT@example.com", "root+x@example.com"})
    void nobodyBecomesRootByTheirAddress(String email) {
        assertThat(principals(email, "{user}")).isEmpty();
    }

    @Test
    void nobodyBecomesRootByPartOfTheirAddress() {
        assertThat(principals("oot@example.com", "r{user}", "R{user}")).isEmpty();
    }

    @Test
    void rootIsThereWhenItStandsThereLiterally() {
        assertThat(principals("ann@example.com", "{user}", "root")).containsExactly("ann", "root");
        assertThat(principals("root@example.com", "{user}", "root")).containsExactly("root");
    }

    @Test
    void theUserMayBePartOfAName() {
        assertThat(principals("ann@example.com", "dev-{user}", "{user}.{user}"))
                .containsExactly("dev-ann", "ann.ann");
    }

    @Test
    void whatWouldBecomeTooLongIsLeftOut() {
        assertThat(principals("abcdefghijklmnopqrstuv@example.com", "{user}{user}{user}"))
                .isEmpty();
    }

    @Test
    void eachNameIsThereOnce() {
        assertThat(principals("ann@example.com", "ann", "{user}", "deploy"))
                .containsExactly("ann", "deploy");
    }

    @Test
    void machinesGetOnlyWhatStandsThereLiterally() {
        assertThat(principals(null, "{user}", "deploy", "dev-{user}")).containsExactly("deploy");
    }

    private static List<String> principals(@Nullable String email, String... names) {
        SshRights rights = new SshRights(List.of(names), SshRights.DEFAULT.allowed(), false);
        return SshAccess.of(SshSettings.DEFAULT, rights, email).principals();
    }
}
