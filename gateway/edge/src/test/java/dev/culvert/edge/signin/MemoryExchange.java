package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;

/// One request to the auth host and its answer, in memory.
final class MemoryExchange implements HttpExchange {
    private final String method;
    private final String path;
    private final byte[] body;
    final HeaderList request = new HeaderList();
    final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    int status;
    HeaderList headers = new HeaderList();

    MemoryExchange(String method, String path, byte[] body) {
        this.method = method;
        this.path = path;
        this.body = body;
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
        return Accounts.AUTHORITY;
    }

    @Override
    public HeaderList requestHeaders() {
        return request;
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(body);
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
