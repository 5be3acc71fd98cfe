package dev.culvert.connector.dial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NoProxyTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "example.com            | example.com      | true",
                "example.com            | EDGE.Example.com | true",
                "example.com            | notexample.com   | false",
                ".example.com           | example.com      | false",
                ".example.com           | a.example.com    | true",
                "*.example.com          | a.example.com    | true",
                "*                      | anything.test    | true",
                "a.test, b.test         | b.test           | true",
                "a.test b.test          | b.test           | true",
                "edge.test:7844         | edge.test        | true",
                "edge.test:443          | edge.test        | false",
                "edge.test:x            | edge.test        | false",
                "10.0.0.0/8             | 10.1.2.3         | true",
                "10.0.0.0/8             | 11.1.2.3         | false",
                "10.1.2.3               | 10.1.2.3         | true",
                "10.1.2.3:80            | 10.1.2.3         | false",
                "2001:db8::/32          | 2001:db8::5      | true",
                "[2001:db8::5]:7844     | 2001:db8::5      | true",
                "0.0.0.0/0              | 2001:db8::5      | false",
                "''                     | localhost        | true",
                "''                     | 127.0.0.9        | true",
                "''                     | ::1              | true",
                "''                     | edge.test        | false"
            })
    void leavesOutWhatItNames(String text, String host, boolean left) {
        assertThat(new NoProxy(text).has(host, 7844)).isEqualTo(left);
    }

    @Test
    void theFirstVariableThatIsSetNamesTheProxy() {
        EdgeProxy proxy =
                EdgeProxy.of(
                        Map.of(
                                "https_proxy", "http://us%3Aer:p%40ss+word@proxy.test:3128/",
                                "ALL_PROXY", "socks5://other.test",
                                "no_proxy", "near.test"));
        assertThat(proxy.kind()).isEqualTo(EdgeProxy.Kind.HTTP);
        assertThat(proxy.address()).isEqualTo("proxy.test:3128");
        assertThat(proxy.user()).isEqualTo("us:er");
        assertThat(proxy.password()).isEqualTo("p@ss+word");
        assertThat(proxy.isFor("edge.test", 7844)).isTrue();
        assertThat(proxy.isFor("near.test", 7844)).isFalse();
        assertThat(proxy.toString()).isEqualTo("http://proxy.test:3128");
    }

    @ParameterizedTest
    @CsvSource({
        "proxy.test,http://proxy.test:80",
        "proxy.test:8080,http://proxy.test:8080",
        "https://proxy.test,https://proxy.test:443",
        "socks5h://[2001:db8::1],socks5://[2001:db8::1]:1080"
    })
    void readsWhatIsCommonlyWritten(String url, String shown) {
        assertThat(EdgeProxy.of(Map.of("ALL_PROXY", url))).hasToString(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://u:hunter2@h",
                "http://u:hunter2@",
                "http://u:hunter2@h:0",
                "http://u:hunter2@h:99999",
                "http://u:hunter2 @h"
            })
    void aBadAddressIsRefusedWithoutSayingThePassword(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EdgeProxy.of(Map.of("HTTPS_PROXY", url)))
                .withMessageStartingWith("HTTPS_PROXY is not a proxy's address")
                .withMessageNotContaining("hunter2");
    }

    @Test
    void noVariableMeansNoProxy() {
        assertThat(EdgeProxy.of(Map.of("HTTPS_PROXY", " ", "NO_PROXY", "*"))).isNull();
    }
}
