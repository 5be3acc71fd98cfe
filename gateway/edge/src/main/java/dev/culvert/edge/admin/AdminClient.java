package dev.culvert.edge.admin;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks a running edge through its admin endpoint. Never through a proxy: the token stays on this
/// machine.
final class AdminClient implements TunnelControl {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_ANSWER_BYTES = 64 * 1024 * 1024;

    private final AdminEndpointFile.Endpoint endpoint;
    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(Duration.ofSeconds(5))
                    .proxy(new Direct())
                    .build();

    private static final class Direct extends ProxySelector {
        @Override
        public List<Proxy> select(@Nullable URI uri) {
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(
                @Nullable URI uri, @Nullable SocketAddress address, @Nullable IOException e) {
            // The request itself fails with it.
        }
    }

    AdminClient(AdminEndpointFile.Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public boolean isEdgeRunning() {
        return true;
    }

    @Override
    public JsonNode ask(String method, String path, @Nullable ObjectNode body)
            throws StateException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(endpoint.url() + "/api/v1/" + path))
                        .timeout(TIMEOUT)
                        .header("Authorization", "Bearer " + endpoint.token());
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofByteArray(
                                    Json.MAPPER.writeValueAsBytes(body)));
        }
        try {
            HttpResponse<InputStream> response =
                    http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            JsonNode answer;
            try (InputStream content = response.body()) {
                byte[] bytes = content.readNBytes(MAX_ANSWER_BYTES);
                answer =
                        bytes.length == 0
                                ? Json.MAPPER.createObjectNode()
                                : Json.MAPPER.readTree(bytes);
            }
            if (response.statusCode() / 100 == 2) {
                return answer;
            }
            throw refused(response.statusCode(), answer.path("error"));
        } catch (IOException e) {
            throw unreachable("the edge at " + endpoint.url() + " does not answer: " + e, e);
        } catch (JacksonException e) {
            throw unreachable("the edge at " + endpoint.url() + " did not answer JSON", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("interrupted while waiting for the edge", e);
        }
    }

    private static StateException refused(int status, JsonNode error) {
        Code code = Code.ofWord(error.path("code").asString(""));
        return new StateException(
                code == null ? (status / 100 == 4 ? Code.INVALID : Code.UNREACHABLE) : code,
                error.path("message").asString("the edge answered " + status),
                error.path("next").asString("see the edge's log"));
    }

    private static StateException unreachable(String message, @Nullable Exception cause) {
        return new StateException(
                Code.UNREACHABLE,
                message,
                "see whether the edge is still running and look at its log",
                cause);
    }
}
