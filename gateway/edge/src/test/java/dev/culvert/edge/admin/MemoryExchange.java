package dev.culvert.edge.admin;

import dev.culvert.edge.web.AnsweredExchange;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/// One request and its answer in memory.
final class MemoryExchange extends AnsweredExchange {
    private String authority = "127.0.0.1:8443";
    private InputStream body = InputStream.nullInputStream();

    MemoryExchange(String method, String path) {
        super(method, path);
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
    public String authority() {
        return authority;
    }

    @Override
    public InputStream body() {
        return body;
    }
}
