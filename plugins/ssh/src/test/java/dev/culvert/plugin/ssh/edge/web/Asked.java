package dev.culvert.plugin.ssh.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A request of a test and what was answered.
final class Asked implements HttpExchange {
    private final String method;
    private final String path;
    private final HeaderList requestHeaders;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status;
    HeaderList headers = new HeaderList();

    private Asked(String method, String path, HeaderList requestHeaders) {
        this.method = method;
        this.path = path;
        this.requestHeaders = requestHeaders;
    }

    static Asked of(TerminalPage page, String method, String path, String... headers)
            throws Exception {
        Asked asked = new Asked(method, path, HeaderList.of(headers));
        page.handle(asked);
        return asked;
    }

    byte[] bytes() {
        return body.toByteArray();
    }

    String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    String header(String name) {
        return headers.first(name);
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
        return requestHeaders;
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(new byte[0]);
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) {
        this.status = status;
        this.headers = headers;
        return body;
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
