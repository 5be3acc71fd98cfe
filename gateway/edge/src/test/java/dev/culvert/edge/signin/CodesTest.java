package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.identity.MovableClock;
import dev.culvert.edge.identity.Secrets;
import org.junit.jupiter.api.Test;

final class CodesTest {
    private static final String WIKI = "wiki.example.com";
    private static final String COOKIE = "the cookie of this browser";

    private final MovableClock clock = new MovableClock();
    private final Codes codes = new Codes(clock);
    private final Codes.HandOver handOver =
            new Codes.HandOver(
                    new Opening(WIKI, "/", Secrets.hash(COOKIE)), "token", clock.instant());

    private String code() {
        return codes.make(handOver, "192.0.2.7");
    }

    @Test
    void aCodeIsGoodOnce() {
        String code = code();
        assertThat(codes.take(code, WIKI, COOKIE)).isEqualTo(handOver);
        assertThat(codes.take(code, WIKI, COOKIE)).isNull();
    }

    @Test
    void aCodeThatIsShownElsewhereIsUsedUp() {
        String code = code();
        assertThat(codes.take(code, "ssh.example.com", COOKIE)).isNull();
        assertThat(codes.take(code, WIKI, COOKIE)).isNull();
        code = code();
        assertThat(codes.take(code, WIKI, "another")).isNull();
        assertThat(codes.take(code, WIKI, COOKIE)).isNull();
        code = code();
        assertThat(codes.take(code, WIKI, null)).isNull();
        assertThat(codes.take(code, WIKI, COOKIE)).isNull();
    }

    @Test
    void aCodeIsGoodForAMinute() {
        String code = code();
        clock.move(Codes.LIFE);
        assertThat(codes.take(code, WIKI, COOKIE)).isNull();
    }

    @Test
    void aFloodFromOneNetworkUsesUpNobodyElsesCode() {
        String code = code();
        for (int i = 0; i < 20_000; i++) {
            codes.make(handOver, "198.51.100.9");
        }
        assertThat(codes.take(code, WIKI, COOKIE)).isEqualTo(handOver);
    }
}
