package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// One request and its answer, in memory.
final class MemoryExchange implements HttpExchange {
    private final String method;
    private final InputStream body;
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private HeaderList headers = new HeaderList();
    private int status;

    MemoryExchange(String method, byte[] body) {
        this.method = method;
        this.body = new ByteArrayInputStream(body);
    }

    int status() {
        return status;
    }

    HeaderList answered() {
        return headers;
    }

    String answer() {
        return answer.toString(StandardCharsets.UTF_8);
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return "/cdn-cgi/access/cert_sign";
    }

    @Override
    public String authority() {
        return "auth.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return HeaderList.of("Content-Type", "application/json");
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public OutputStream respond(int code, HeaderList fields) {
        if (status != 0) {
            throw new IllegalStateException("answered twice");
        }
        status = code;
        headers = fields;
        return answer;
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
