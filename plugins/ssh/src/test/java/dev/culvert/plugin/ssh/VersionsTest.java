package dev.culvert.plugin.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.FirstBytes.Verdict;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VersionsTest {
    private static Verdict inspect(FirstBytes inspector, String bytes, boolean end) {
        ByteBuffer seen = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1));
        return inspector.inspect(seen.asReadOnlyBuffer(), end);
    }

    private static String refusal(FirstBytes inspector, String bytes, boolean end) {
        Verdict verdict = inspect(inspector, bytes, end);
        assertThat(verdict).isInstanceOf(Verdict.Refuse.class);
        String reason = ((Verdict.Refuse) verdict).reason();
        assertThat(reason.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(120);
        return reason;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.7p1 Debian-1",
                "SSH-2.0-PuTTY_Release_0.81",
                "SSH-1.99-Cisco-1.25",
                "SSH-2.0-"
            })
    void acceptsTheVersionOfEitherSideWholeAndByteByByte(String version) {
        for (FirstBytes inspector : new FirstBytes[] {new ClientVersion(), new OriginVersion()}) {
            for (String ending : new String[] {"\r\n", "\n"}) {
                String line = version + ending;
                for (int cut = 0; cut < line.length(); cut++) {
                    assertThat(inspect(inspector, line.substring(0, cut), false))
                            .isEqualTo(Verdict.MORE);
                    assertThat(inspect(inspector, line.substring(0, cut), true))
                            .isInstanceOf(Verdict.Refuse.class);
                }
                assertThat(inspect(inspector, line, false)).isEqualTo(new Verdict.Accept(version));
                assertThat(inspect(inspector, line + "\0\0\u0001", true))
                        .isEqualTo(new Verdict.Accept(version));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1', an HTTP request",
        "'PRI * HTTP/2.0', an HTTP request",
        "'\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001', a TLS handshake",
        "'\u0003\u0000\u0000\u0013\u000e\u00e0\u0000\u0000', an RDP connection request",
        "'hello there', something else"
    })
    void tellsTheClientWhatItSentInstead(String bytes, String what) {
        assertThat(refusal(new ClientVersion(), bytes, false))
                .isEqualTo("the client sent " + what + ", this service speaks SSH");
        assertThat(inspect(new ClientVersion(), bytes.substring(0, 3), false))
                .isEqualTo(Verdict.MORE);
    }

    @Test
    void refusesVersionOne() {
        assertThat(refusal(new ClientVersion(), "SSH-1.5-old\r\n", false))
                .isEqualTo("the client speaks SSH version 1.5, this service speaks 2.0");
        refusal(new ClientVersion(), "SSH-" + "9".repeat(200) + "\n", false);
    }

    @Test
    void refusesAVersionLineThatDoesNotEnd() {
        String start = "SSH-2.0-" + "x".repeat(VersionLine.MAX_LENGTH - 8);
        assertThat(inspect(new ClientVersion(), start.substring(0, 254), false))
                .isEqualTo(Verdict.MORE);
        assertThat(refusal(new ClientVersion(), start, false)).contains("longer than 255 bytes");
        assertThat(refusal(new OriginVersion(), start, false)).contains("longer than 255 bytes");
    }

    @Test
    void refusesControlCharactersInAVersion() {
        assertThat(refusal(new ClientVersion(), "SSH-2.0-a\u001b[2J\r\n", false))
                .contains("not printable");
        assertThat(refusal(new ClientVersion(), "SSH-2.0-a\rb\r\n", false))
                .contains("not printable");
    }

    @Test
    void passesTheLinesAnOriginSendsBeforeItsVersion() {
        String lines = "Welcome\r\nto the machine\r\nSSH-2.0-x\r\n";
        assertThat(inspect(new OriginVersion(), lines, false))
                .isEqualTo(new Verdict.Accept("SSH-2.0-x"));
        assertThat(inspect(new OriginVersion(), "Welcome\r\nSSH", false)).isEqualTo(Verdict.MORE);
    }

    @Test
    void repeatsWhatAnOriginSaidBeforeItClosed() {
        assertThat(refusal(new OriginVersion(), "Exceeded MaxStartups\r\n", true))
                .isEqualTo(
                        "the origin closed without an SSH version; it said: Exceeded MaxStartups");
        assertThat(refusal(new OriginVersion(), "\u0007".repeat(500), true)).contains("?????");
        assertThat(refusal(new OriginVersion(), "", true))
                .isEqualTo("the origin closed without an SSH version");
    }

    @Test
    void refusesAnOriginThatIsNoSshServer() {
        assertThat(refusal(new OriginVersion(), "HTTP/1.1 400 Bad Request\r\n", false))
                .isEqualTo("the origin sent an HTTP response, expected an SSH server");
        assertThat(refusal(new OriginVersion(), "x\n".repeat(4096), false)).contains("8 KiB");
    }
}
