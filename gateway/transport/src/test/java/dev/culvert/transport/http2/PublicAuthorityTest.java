package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.culvert.protocols.ProtocolException;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicAuthorityTest {
    private static Http2Headers get(String authority) {
        return new DefaultHttp2Headers(false)
                .method("GET")
                .scheme("https")
                .path("/")
                .authority(authority);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@shut.example.com",
                "%73hut.example.com",
                "shut.example.com/.example.com",
                "shut.example.com#.example.com",
                "shut.example.com,open.example.com",
                "[shut.example.com].example.com",
                "shut.example.com:1].example.com",
                "shut.example.com:1.example.com",
                "open.example.com:x",
                "open.example.com:123456",
                "\u212aelvin.example.com",
                "[::1"
            })
    void refusesAuthorityThatIsNotHostAndPort(String authority) {
        assertThatThrownBy(() -> new PublicHeads().decodeRequest(get(authority), true))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("HOST[:PORT]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open.example.com",
                "OPEN.example.com.:8443",
                "my_app.example.com:",
                "127.0.0.1:8443",
                "[::1]:8443",
                "[2001:db8::1]"
            })
    void takesAuthorityOfHostAndPort(String authority) {
        assertThatCode(() -> new PublicHeads().decodeRequest(get(authority), true))
                .doesNotThrowAnyException();
    }
}
