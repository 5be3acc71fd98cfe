package dev.culvert.plugin.desktop.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A request without a body, and what is answered.
final class Asked implements HttpExchange {
    final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    HeaderList answered = new HeaderList();
    int status;
    private final String method;
    private final String path;
    private final HeaderList headers;

    Asked(String method, String path, String... headers) {
        this.method = method;
        this.path = path;
        this.headers = HeaderList.of(headers);
    }

    String text() {
        return answer.toString(StandardCharsets.UTF_8);
    }

    String header(String name) {
        return String.valueOf(answered.first(name));
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
        return "office.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return headers;
    }

    @Override
    public InputStream body() {
        return InputStream.nullInputStream();
    }

    @Override
    public OutputStream respond(int code, HeaderList fields) {
        status = code;
        answered = fields;
        return answer;
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
