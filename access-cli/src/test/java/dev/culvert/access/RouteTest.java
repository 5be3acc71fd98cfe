package dev.culvert.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouteTest {
    private static ForwardOptions to(String hostname) {
        ForwardOptions options = new ForwardOptions();
        options.hostname = hostname;
        return options;
    }

    private static Route route(ForwardOptions options, String... environment) throws Problem {
        return Route.of(options, name -> variable(name, environment));
    }

    private static String variable(String name, String... environment) {
        for (int i = 0; i < environment.length; i += 2) {
            if (environment[i].equals(name)) {
                return environment[i + 1];
            }
        }
        return null;
    }

    @ParameterizedTest
    @CsvSource({
        "ssh.example.com, ssh.example.com:443, /, ssh.example.com",
        "SSH.Example.com:8443, ssh.example.com:8443, /, ssh.example.com:8443",
        "http://h/a/b?c=d, h:443, /a/b?c=d, h",
        "wss://h:1?x, h:1, /?x, h:1",
        "https://[::1]:8443/#f, [::1]:8443, /, [::1]:8443",
    })
    void readsTheHostname(String text, String address, String path, String hostHeader)
            throws Exception {
        Target target = Target.parse(text);
        assertThat(target.address()).hasToString(address);
        assertThat(target.path()).isEqualTo(path);
        assertThat(target.hostHeader()).isEqualTo(hostHeader);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "ftp://h",
                "h:0",
                "h:70000",
                "a b",
                "h\r\nX: y",
                "u@h",
                "[::1",
                "h/a b"
            })
    void refusesAHostnameThatIsNone(String text) {
        assertThatThrownBy(() -> route(to(text)))
                .isInstanceOfSatisfying(
                        Problem.class, p -> assertThat(p.exitCode()).isEqualTo(Problem.USAGE));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1:443, h",
        "127.0.0.1:8443, 127.0.0.1:8443, h",
        "[::1]:8443, [::1]:8443, h",
        "edge.example:8443:127.0.0.1, 127.0.0.1:8443, edge.example",
        "edge.example:8443:[::1], [::1]:8443, edge.example",
    })
    void connectToChangesTheAddressAndWithThreePartsTheName(
            String text, String dial, String tlsName) throws Exception {
        ForwardOptions options = to("h");
        options.connectTo = text;
        assertThat(route(options).dial()).hasToString(dial);
        assertThat(route(options).tlsName()).isEqualTo(tlsName);
        assertThat(route(options).target().hostHeader()).isEqualTo("h");
    }

    @Test
    void putsTokenDestinationAndHeadersIntoTheHandshake() throws Exception {
        ForwardOptions options = to("h");
        options.headers.add("X-Team:  blue: green ");
        options.fillFrom(
                Map.of(
                                "TUNNEL_SERVICE_TOKEN_ID", "id",
                                "TUNNEL_SERVICE_TOKEN_SECRET", "secret",
                                "TUNNEL_SERVICE_DESTINATION", "db:5432")
                        ::get);
        assertThat(new String(route(options).handshake(new byte[16]).request()))
                .contains("\r\nX-Team: blue: green\r\n")
                .contains("\r\nCf-Access-Client-Id: id\r\n")
                .contains("\r\nCf-Access-Client-Secret: secret\r\n")
                .contains("\r\nCf-Access-Jump-Destination: db:5432\r\n");
        assertThat(route(options).toString()).doesNotContain("secret");
    }

    @Test
    void refusesAHeaderThatWouldBreakOutWithoutShowingIt() {
        ForwardOptions options = to("h");
        options.tokenSecret = "secret\r\nHost: other";
        assertThatThrownBy(() -> route(options))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("Cf-Access-Client-Secret")
                .hasMessageNotContaining("other");
    }

    @ParameterizedTest
    @CsvSource({
        "http://proxy:3128, '', proxy:3128",
        "proxy:3128, other.example, proxy:3128",
        "http://u:p%40ss@proxy:3128/, '', proxy:3128",
        "http://proxy:3128, ssh.example.com,",
        "http://proxy:3128, 'x, example.com',",
        "http://proxy:3128, .example.com,",
        "http://proxy:3128, *.example.com,",
        "http://proxy:3128, example.com:80, proxy:3128",
        "http://proxy:3128, *,",
    })
    void takesTheProxyUnlessTheNameIsExcepted(String url, String except, String proxy)
            throws Exception {
        Route route = route(to("ssh.example.com"), "HTTPS_PROXY", url, "no_proxy", except);
        assertThat(route.proxy() == null ? null : route.proxy().address().toString())
                .isEqualTo(proxy);
    }

    @Test
    void sendsTheProxysCredentialsAndNeverShowsThem() throws Exception {
        Route route = route(to("h"), "https_proxy", "http://u:p%40ss@proxy:3128");
        assertThat(new String(route.proxy().request(route.dial())))
                .isEqualTo(
                        "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\n"
                                + "Proxy-Authorization: Basic dTpwQHNz\r\n\r\n");
        assertThat(route.toString()).doesNotContain("p@ss");
        assertThatThrownBy(() -> route(to("h"), "https_proxy", "socks5://u:p@ss@x"))
                .isInstanceOf(Problem.class)
                .hasMessageNotContaining("ss@");
    }

    @Test
    void localNamesAreLoopbackAndNeverProxied() throws Exception {
        assertThat(LocalNames.resolve("a.b.LocalHost.")[0].isLoopbackAddress()).isTrue();
        assertThat(LocalNames.isLocal("localhost.example.com")).isFalse();
        assertThat(route(to("edge.localhost"), "HTTPS_PROXY", "http://p:1").proxy()).isNull();
    }
}
