package dev.culvert.edge.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateDirectory;
import java.io.InputStream;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdminApiTest {
    @TempDir Path temp;
    private StateDirectory directory;
    private State state;
    private AdminApi api;

    @BeforeEach
    void open() throws Exception {
        directory = StateDirectory.open(temp.resolve("state"));
        state = State.open(directory, null);
        api = new AdminApi(state, "right", () -> 8443);
    }

    @AfterEach
    void close() {
        state.close();
        directory.close();
    }

    private MemoryExchange ask(MemoryExchange exchange) throws Exception {
        api.handle(exchange);
        assertThat(exchange.headers.first("Cache-Control")).isEqualTo("no-store");
        return exchange;
    }

    private MemoryExchange ask(String method, String path, String body) throws Exception {
        return ask(new MemoryExchange(method, path).body(body));
    }

    private MemoryExchange ask(String method, String path) throws Exception {
        return ask(new MemoryExchange(method, path));
    }

    @Test
    void managesTunnelsAndRoutes() throws Exception {
        MemoryExchange made = ask("POST", "/api/v1/tunnels", "{\"name\":\"home\"}");
        assertThat(made.status).isEqualTo(201);
        String id = made.json().path("id").asString();
        assertThat(
                        ask(
                                        "POST",
                                        "/api/v1/routes",
                                        "{\"hostname\":\"*.example.com\",\"tunnel\":\"home\"}")
                                .json()
                                .path("closed")
                                .asBoolean())
                .isTrue();
        assertThat(
                        ask(
                                        "POST",
                                        "/api/v1/routes",
                                        "{\"hostname\":\"example.com\",\"tunnel\":\""
                                                + id
                                                + "\",\"public\":true}")
                                .status)
                .isEqualTo(201);
        assertThat(ask("GET", "/api/v1/routes").json().path("routes")).hasSize(2);
        assertThat(ask("GET", "/api/v1/tunnels").json().at("/tunnels/0/routes").asInt())
                .isEqualTo(2);
        String before = ask("GET", "/api/v1/tunnels/home/token").json().path("token").asString();
        assertThat(before).isEqualTo(state.token("home"));
        assertThat(ask("POST", "/api/v1/tunnels/" + id + "/rotate", "").status).isEqualTo(200);
        assertThat(state.token("home")).isNotEqualTo(before);
        assertThat(ask("DELETE", "/api/v1/routes/%2A.example.com").status).isEqualTo(204);
        assertThat(ask("DELETE", "/api/v1/tunnels/home").errorCode()).isEqualTo("conflict");
        assertThat(ask("DELETE", "/api/v1/tunnels/home?force=true").status).isEqualTo(204);
        assertThat(state.listRoutes()).isEmpty();
    }

    @Test
    void keepsATunnelsConfiguration() throws Exception {
        ask("POST", "/api/v1/tunnels", "{\"name\":\"home\"}");
        String path = "/api/v1/tunnels/home/configuration";
        assertThat(ask("GET", path).status).isEqualTo(404);

        String rules = "{\"ingress\":[{\"service\":\"http://a\"}]}";
        MemoryExchange made = ask("POST", path, "{\"config\":" + rules + "}");
        assertThat(made.status).isEqualTo(200);
        assertThat(made.json().toString()).isEqualTo("{\"version\":1}");
        assertThat(ask("GET", path).json().toString())
                .isEqualTo("{\"version\":1,\"config\":" + rules + ",\"connections\":[]}");
        assertThat(ask("GET", "/api/v1/tunnels").json().at("/tunnels/0/configuration").toString())
                .isEqualTo("{\"version\":1,\"connections\":0,\"applied\":0}");

        assertThat(ask("PUT", path).status).isEqualTo(405);
        assertThat(ask("DELETE", path).status).isEqualTo(204);
        assertThat(ask("DELETE", path).status).isEqualTo(404);
        assertThat(ask("GET", "/api/v1/tunnels").json().at("/tunnels/0/configuration").isNull())
                .isTrue();
    }

    @Test
    void checksAConfigurationWhoeverSendsIt() throws Exception {
        ask("POST", "/api/v1/tunnels", "{\"name\":\"home\"}");
        MemoryExchange refused =
                ask(
                        "POST",
                        "/api/v1/tunnels/home/configuration",
                        "{\"config\":{\"ingress\":[{\"service\":\"http://a/b\"}],\"more\":1}}");
        assertThat(refused.status).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo("invalid");
        assertThat(refused.json().at("/error/message").asString())
                .contains("ingress[0].service", "has a path", "more: unknown key");
        assertThat(ask("POST", "/api/v1/tunnels/home/configuration", "{}").status).isEqualTo(400);
    }

    @Test
    void aConfigurationMayBeLongerThanOtherBodies() throws Exception {
        ask("POST", "/api/v1/tunnels", "{\"name\":\"home\"}");
        String rule =
                "{\"hostname\":\"" + "a".repeat(60) + ".example.com\",\"service\":\"http://a\"},";
        String body =
                "{\"config\":{\"ingress\":[" + rule.repeat(900) + "{\"service\":\"http://a\"}]}}";
        assertThat(body.length()).isGreaterThan(64 * 1024);
        assertThat(ask("POST", "/api/v1/tunnels/home/configuration", body).status).isEqualTo(200);
        MemoryExchange tooLong =
                ask("POST", "/api/v1/tunnels/home/configuration", " ".repeat((1 << 20) + 1));
        assertThat(tooLong.status).isEqualTo(413);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example.com:8443",
                "127.0.0.1",
                "127.0.0.1:8444",
                "localhost.evil.com:8443",
                "127.0.0.1.evil.com:8443",
                "0.0.0.0:8443",
                "[::2]:8443",
                "",
                ":8443",
                "localhost:"
            })
    void refusesHostsThatAreNotThisMachine(String host) throws Exception {
        MemoryExchange exchange = ask(new MemoryExchange("GET", "/api/v1/tunnels").host(host));
        assertThat(exchange.status).isEqualTo(421);
        assertThat(exchange.errorCode()).isEqualTo("wrong_host");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8443", "127.0.0.1:8443", "127.9.9.9:8443", "[::1]:8443"})
    void acceptsLoopbackHosts(String host) throws Exception {
        assertThat(ask(new MemoryExchange("GET", "/api/v1/tunnels").host(host)).status)
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer", "Bearer ", "Bearer wrong", "Bearer rightx", "Basic right"})
    void refusesWithoutTheToken(String value) throws Exception {
        MemoryExchange exchange =
                ask(
                        new MemoryExchange("POST", "/api/v1/tunnels")
                                .with("Authorization", value)
                                .body("{\"name\":\"home\"}"));
        assertThat(exchange.status).isEqualTo(401);
        assertThat(exchange.errorCode()).isEqualTo("unauthorized");
        assertThat(exchange.headers.first("WWW-Authenticate")).isEqualTo("Bearer");
        assertThat(state.listTunnels()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /api/v1/tunnels | {} | 400 | invalid",
                "POST | /api/v1/tunnels | [] | 400 | invalid",
                "POST | /api/v1/tunnels | {\"name\":1} | 400 | invalid",
                "POST | /api/v1/tunnels | {\"name\":\"a\",\"name\":\"b\"} | 400 | invalid",
                "POST | /api/v1/tunnels | {\"name\":\"a\"}{} | 400 | invalid",
                "POST | /api/v1/tunnels | {\"name\":\"a\",\"x\":1} | 400 | invalid",
                "POST | /api/v1/tunnels | {\"name\":\"a b\"} | 400 | invalid",
                "POST | /api/v1/tunnels | not json | 400 | invalid",
                "POST | /api/v1/routes | {\"hostname\":\"a.b\",\"tunnel\":\"x\"} | 404 | not_found",
                "POST | /api/v1/routes | {\"hostname\":\"a.b\",\"tunnel\":\"x\",\"public\":1} | 400"
                        + " | invalid",
                "DELETE | /api/v1/tunnels/none | | 404 | not_found",
                "DELETE | /api/v1/tunnels/none?farce=true | | 400 | invalid",
                "DELETE | /api/v1/routes/%zz | | 404 | not_found",
                "GET | /api/v1/ | | 404 | not_found",
                "GET | /api/v2/tunnels | | 404 | not_found",
                "GET | /api/v1/../v1/tunnels | | 404 | not_found",
                "PUT | /api/v1/tunnels | | 405 | method_not_allowed",
                "GET | /api/v1/tunnels/home/rotate | | 405 | method_not_allowed",
            })
    void answersErrorsWithCodeAndNextStep(
            String method, String path, String body, int status, String code) throws Exception {
        MemoryExchange exchange = ask(method, path, body == null ? "" : body);
        assertThat(exchange.status).isEqualTo(status);
        assertThat(exchange.errorCode()).isEqualTo(code);
        assertThat(state.listTunnels()).isEmpty();
        if (status == 405) {
            assertThat(exchange.headers.first("Allow")).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"})
    void refusesWhatAFormCouldPost(String type) throws Exception {
        MemoryExchange exchange =
                ask(
                        new MemoryExchange("POST", "/api/v1/tunnels")
                                .with("Content-Type", type)
                                .body("{\"name\":\"home\"}"));
        assertThat(exchange.status).isEqualTo(415);
    }

    @Test
    void readsNoMoreThanItsBound() throws Exception {
        long[] read = {0};
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        read[0]++;
                        return ' ';
                    }
                };
        MemoryExchange exchange = ask(new MemoryExchange("POST", "/api/v1/tunnels").body(endless));
        assertThat(exchange.status).isEqualTo(413);
        assertThat(read[0]).isLessThanOrEqualTo(64 * 1024 + 1);
    }

    @Test
    void refusesDeepNesting() throws Exception {
        assertThat(ask("POST", "/api/v1/tunnels", "{\"name\":" + "[".repeat(60_000)).status)
                .isEqualTo(400);
    }
}
