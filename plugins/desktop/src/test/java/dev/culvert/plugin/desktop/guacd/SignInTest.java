package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.desktop.session.Login;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SignInTest {
    @Test
    void givesWhatTheLoginHasOnceAndSaysWhatIsMissing() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Socket edge =
                        new Socket(InetAddress.getLoopbackAddress(), listener.getLocalPort());
                Socket guacd = listener.accept()) {
            Login login = TestDesktop.login("ann", "geheim");
            SignIn signIn = new SignIn(login, new GuacdSocket(edge, edge));

            assertThat(signIn.answer(List.of("username", "password", "domain"))).isNull();
            assertThat(signIn.answer(List.of("password")).words()).contains("wants password");
            assertThat(signIn.answer(List.of("passphrase")).words()).contains("wants passphrase");
            edge.close();
            assertThat(new String(guacd.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(
                            given("8.username", "4.YW5u")
                                    + given("8.password", "8.Z2VoZWlt")
                                    + given("6.domain", "0."));
        }
    }

    private static String given(String name, String base64) {
        return "4.argv,2.63,10.text/plain," + name + ";4.blob,2.63," + base64 + ";3.end,2.63;";
    }
}
