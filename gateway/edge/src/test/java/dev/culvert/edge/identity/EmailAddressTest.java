package dev.culvert.edge.identity;

import static dev.culvert.edge.identity.Refusals.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.StateException.Code;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmailAddressTest {
    @Test
    void isKeptInLowerCaseWithoutSpaceAround() throws Exception {
        assertThat(EmailAddress.parse("  Ann.O'Hara+x@Mail.EXAMPLE.com\n"))
                .isEqualTo("ann.o'hara+x@mail.example.com");
        assertThat(EmailAddress.parse("admin@localhost")).isEqualTo("admin@localhost");
        assertThat(EmailAddress.parse("a@xn--bcher-kva.example")).endsWith(".example");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "@example.com",
                "ann@",
                "ann@example..com",
                "ann@-example.com",
                "ann@example-.com",
                ".ann@example.com",
                "ann.@example.com",
                "a..b@example.com",
                "ann@example.com.",
                "ann@evil.com@example.com",
                "ann@example.com\u0000@evil.com",
                "ann@example.com\nBcc: all@example.com",
                "ann@example.com\r\nBcc: all@example.com",
                "ann @example.com",
                "\"ann@evil.com\"@example.com",
                "<ann@example.com>",
                "Ann <ann@example.com>",
                "ann@[127.0.0.1]",
                "ann@example.com,bob@example.com",
                "ann@example.com;bob",
                "ann(comment)@example.com",
                "ann@ex\u0430mple.com",
                "\u0430nn@example.com",
                "\u212Aate@example.com",
                "ann\u202E@example.com",
                "ann\u200B@example.com",
                "<script>@example.com"
            })
    void refusesWhatIsNoAddressOrLooksLikeAnother(String text) {
        refused(Code.INVALID, () -> EmailAddress.parse(text));
    }

    @Test
    void refusesWhatIsTooLong() throws Exception {
        String local = "a".repeat(64);
        String longest = local + "@" + ("b".repeat(60) + ".").repeat(3) + "exampl";
        assertThat(longest).hasSize(254);
        assertThat(EmailAddress.parse(longest)).isEqualTo(longest);
        refused(Code.INVALID, () -> EmailAddress.parse("a" + local + "@example.com"));
        refused(
                Code.INVALID,
                () -> EmailAddress.parse("a@" + ("b".repeat(60) + ".").repeat(5) + "example"));
        refused(Code.INVALID, () -> EmailAddress.parse("a@" + "b".repeat(64) + ".example"));
        refused(Code.INVALID, () -> EmailAddress.parse("a".repeat(100_000)));
    }
}
