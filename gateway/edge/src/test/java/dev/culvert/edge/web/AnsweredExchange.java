package dev.culvert.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;

/// One request, whose answer is kept in memory.
public abstract class AnsweredExchange implements HttpExchange {
    private final String method;
    private final String path;
    public final HeaderList request = new HeaderList();
    public final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    public int status;
    public HeaderList headers = new HeaderList();

    protected AnsweredExchange(String method, String path) {
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
    public HeaderList requestHeaders() {
        return request;
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
