package dev.culvert.plugin.testkit.edge;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A request and what is answered.
public final class TestRequest implements HttpExchange {
    public final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    public HeaderList answered = new HeaderList();
    public int status;
    public boolean closed;
    private final String method;
    private final String path;
    private final HeaderList headers;
    private final InputStream body;

    public TestRequest(String method, String path, InputStream body, String... headers) {
        this.method = method;
        this.path = path;
        this.body = body;
        this.headers = HeaderList.of(headers);
    }

    public static TestRequest get(String path, String... headers) {
        return new TestRequest("GET", path, InputStream.nullInputStream(), headers);
    }

    public static TestRequest put(String path, byte[] body, String csrf) {
        return put(path, new ByteArrayInputStream(body), csrf);
    }

    public static TestRequest put(String path, InputStream body, String csrf) {
        return new TestRequest(
                "PUT",
                path,
                body,
                "Origin",
                "https://build.example.com",
                "X-Culvert-Session-Csrf",
                csrf);
    }

    public byte[] bytes() {
        return answer.toByteArray();
    }

    public String text() {
        return answer.toString(StandardCharsets.UTF_8);
    }

    public @Nullable String header(String name) {
        return answered.first(name);
    }

    public JsonNode json() {
        return JsonMapper.shared().readTree(answer.toByteArray());
    }

    public String error() {
        return json().path("error").path("code").asString("");
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String authority() {
        return "build.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return headers;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public OutputStream respond(int code, HeaderList fields) {
        status = code;
        answered = fields;
        return new OutputStream() {
            @Override
            public void write(int b) {
                answer.write(b);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) {
                answer.write(bytes, offset, length);
            }

            @Override
            public void close() {
                closed = true;
            }
        };
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
