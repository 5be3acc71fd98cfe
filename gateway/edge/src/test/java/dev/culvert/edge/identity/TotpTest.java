package dev.culvert.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
    private static final byte[] SECRET = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);
    private static final long NEVER = -1;

    /// RFC 6238, appendix B, the last six of the eight digits there.
    @ParameterizedTest
    @CsvSource({
        "59, 287082",
        "1111111109, 081804",
        "1111111111, 050471",
        "1234567890, 005924",
        "2000000000, 279037",
        "20000000000, 353130"
    })
    void agreesWithTheSpecification(long seconds, String code) {
        Instant now = Instant.ofEpochSecond(seconds);
        assertThat(Totp.code(SECRET, Totp.step(now))).isEqualTo(code);
        assertThat(Totp.matchingStep(SECRET, code, now, NEVER)).hasValue(seconds / 30);
    }

    /// RFC 4226, appendix D.
    @ParameterizedTest
    @CsvSource({"0, 755224", "1, 287082", "5, 254676", "9, 520489"})
    void agreesWithTheSpecificationByCounter(long step, String code) {
        assertThat(Totp.code(SECRET, step)).isEqualTo(code);
    }

    @Test
    void acceptsTheStepBeforeAndTheStepAfterAndNoOther() {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        long step = Totp.step(now);
        for (long other = step - 3; other <= step + 3; other++) {
            assertThat(Totp.matchingStep(SECRET, Totp.code(SECRET, other), now, NEVER).isPresent())
                    .isEqualTo(Math.abs(other - step) <= 1);
        }
    }

    @Test
    void refusesAStepThatWasUsedAndThoseBefore() {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        long step = Totp.step(now);
        String before = Totp.code(SECRET, step - 1);
        String current = Totp.code(SECRET, step);
        assertThat(Totp.matchingStep(SECRET, current, now, step - 1)).hasValue(step);
        assertThat(Totp.matchingStep(SECRET, current, now, step)).isEmpty();
        assertThat(Totp.matchingStep(SECRET, before, now, step)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"' 005 924 '", "005924"})
    void spacesAreIgnored(String typed) {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        assertThat(Totp.matchingStep(SECRET, typed, now, NEVER)).isPresent();
    }

    @ParameterizedTest
    @CsvSource({"''", "5924", "0005924", "٠٠٥٩٢٤", "005925", "00592４"})
    void refusesWhatIsNotTheCode(String typed) {
        Instant now = Instant.ofEpochSecond(1_234_567_890);
        assertThat(Totp.matchingStep(SECRET, typed, now, NEVER)).isEmpty();
    }

    @Test
    void theUriNamesSecretIssuerAndAccount() {
        assertThat(Totp.uri(SECRET, "Auth & Co", "ann+x@example.com"))
                .isEqualTo(
                        "otpauth://totp/Auth%20%26%20Co:ann%2Bx%40example.com"
                                + "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Auth%20%26%20Co"
                                + "&algorithm=SHA1&digits=6&period=30");
    }

    /// RFC 4648, section 10.
    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "f, MY",
        "fo, MZXQ",
        "foo, MZXW6",
        "foob, MZXW6YQ",
        "fooba, MZXW6YTB",
        "foobar, MZXW6YTBOI"
    })
    void base32AgreesWithTheSpecification(String text, String encoded) {
        assertThat(Base32.encode(text.getBytes(StandardCharsets.US_ASCII))).isEqualTo(encoded);
        assertThat(Base32.decode(encoded)).asString().isEqualTo(text);
    }
}
