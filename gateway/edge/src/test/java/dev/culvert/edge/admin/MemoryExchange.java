package dev.culvert.edge.admin;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// One request and its answer in memory.
final class MemoryExchange implements HttpExchange {
    private final String method;
    private final String path;
    private String authority = "127.0.0.1:8443";
    private InputStream body = InputStream.nullInputStream();
    final HeaderList request = new HeaderList();
    final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int status;
    HeaderList headers = new HeaderList();

    MemoryExchange(String method, String path) {
        this.method = method;
        this.path = path;
        request.add("Authorization", "Bearer right");
        if (method.equals("POST")) {
            request.add("Content-Type", "application/json; charset=utf-8");
        }
    }

    MemoryExchange host(String host) {
        authority = host;
        return this;
    }

    MemoryExchange with(String name, String value) {
        request.set(name, value);
        return this;
    }

    MemoryExchange body(String text) {
        return body(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    MemoryExchange body(InputStream stream) {
        body = stream;
        return this;
    }

    JsonNode json() {
        return Json.MAPPER.readTree(answer.toByteArray());
    }

    String errorCode() {
        JsonNode error = json().path("error");
        if (error.path("message").asString("").isBlank()
                || error.path("next").asString("").isBlank()
                || error.path("id").asString("").length() != 8) {
            throw new AssertionError("incomplete error: " + error);
        }
        return error.path("code").asString("");
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
        return authority;
    }

    @Override
    public HeaderList requestHeaders() {
        return request;
    }

    @Override
    public InputStream body() {
        return body;
    }

    @Override
    public OutputStream respond(int code, HeaderList head) {
        if (status != 0) {
            throw new IllegalStateException("answered twice");
        }
        status = code;
        headers = head;
        return answer;
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
