package dev.culvert.edge.pages;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/// One request for a page or an asset, and its answer, in memory.
final class PageExchange implements HttpExchange {
    private final String method;
    private final String path;
    final HeaderList request = new HeaderList();
    final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int status;
    HeaderList headers = new HeaderList();

    PageExchange(String method, String path) {
        this.method = method;
        this.path = path;
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
        return "auth.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return request;
    }

    @Override
    public InputStream body() {
        return InputStream.nullInputStream();
    }

    @Override
    public OutputStream respond(int code, HeaderList head) {
        status = code;
        headers = head;
        return answer;
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
