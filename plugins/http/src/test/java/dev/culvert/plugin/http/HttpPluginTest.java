package dev.culvert.plugin.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPluginTest {
    private final List<String> problems = new ArrayList<>();

    private Origin configure(String service, OriginRequest settings) {
        int colon = service.indexOf(':');
        String rest = colon < 0 ? "" : service.substring(colon + 1);
        return new HttpPlugin()
                .configure(
                        new ServiceSpec(
                                service,
                                colon < 0 ? service : service.substring(0, colon),
                                rest.startsWith("//") ? rest.substring(2) : rest,
                                settings),
                        (key, problem) -> problems.add(key + ": " + problem));
    }

    private Origin configure(String service) {
        return configure(service, OriginRequest.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource({
        "http://app, app, 80, false",
        "http://app:8080, app, 8080, false",
        "ws://app, app, 80, false",
        "https://app, app, 443, true",
        "wss://[::1]:8443, ::1, 8443, true"
    })
    void dialsTheServer(String service, String host, int port, boolean tls) {
        ProxiedHttpOrigin origin = (ProxiedHttpOrigin) configure(service);
        assertThat(origin.endpoint()).isEqualTo(new Endpoint.Tcp(host, port));
        assertThat(origin.tls() != null).isEqualTo(tls);
    }

    @Test
    void takesTheSettingsOfOriginRequest() {
        OriginRequest settings =
                new OriginRequest(
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(3),
                        true,
                        4,
                        Duration.ofSeconds(5),
                        true,
                        true,
                        "inner",
                        "name",
                        true,
                        Path.of("/ca.pem"),
                        true);
        ProxiedHttpOrigin origin = (ProxiedHttpOrigin) configure("https://app", settings);
        assertThat(origin.hostHeader()).isEqualTo("inner");
        assertThat(origin.keepAliveConnections()).isEqualTo(4);
        assertThat(origin.keepAliveTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(origin.dialling().connectTimeout()).isEqualTo(Duration.ofSeconds(1));
        assertThat(origin.tls())
                .isEqualTo(
                        new ProxiedHttpOrigin.Tls(
                                "name",
                                true,
                                false,
                                List.of(Path.of("/ca.pem")),
                                true,
                                Duration.ofSeconds(2)));
        assertThat(((ProxiedHttpOrigin) configure("unix:/run/app.sock", settings)).hostHeader())
                .isNull();
    }

    @Test
    void dialsAUnixSocket() {
        ProxiedHttpOrigin origin = (ProxiedHttpOrigin) configure("unix:/run/app.sock");
        assertThat(origin.endpoint()).isEqualTo(new Endpoint.UnixSocket(Path.of("/run/app.sock")));
        assertThat(origin.tls()).isNull();

        ProxiedHttpOrigin secured = (ProxiedHttpOrigin) configure("unix+tls:/run/app.sock");
        assertThat(secured.endpoint()).isEqualTo(origin.endpoint());
        assertThat(secured.tls()).isNotNull();
    }

    @Test
    void answersAFixedStatusWithoutABody() throws Exception {
        for (int status : new int[] {200, 204, 304, 404, 999}) {
            TestExchange exchange = TestExchange.get("/");
            ((FixedStatus) configure("http_status:" + status)).handle(exchange);
            assertThat(exchange.status()).isEqualTo(status);
            assertThat(exchange.bytes()).isEmpty();
            assertThat(exchange.isClosed()).isTrue();
            assertThat(exchange.headers().contains("Content-Length"))
                    .isEqualTo(status != 204 && status != 304);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://app/",
                "http://app/path",
                "http://",
                "http:app",
                "http",
                "http://app:99999",
                "unix:",
                "unix:relative.sock",
                "unix+tls:relative.sock",
                "http_status:99",
                "http_status:101",
                "http_status:1000",
                "http_status:abc",
                "http_status:",
                "http_status",
                "hello_world:x"
            })
    void reportsAServiceThatIsNone(String service) {
        assertThat(configure(service)).isNull();
        assertThat(problems)
                .singleElement()
                .asString()
                .startsWith("service: ")
                .containsAnyOf("expected", "default");
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(OriginPlugin.class))
                .anySatisfy(p -> assertThat(p.name()).isEqualTo("http"));
    }
}
