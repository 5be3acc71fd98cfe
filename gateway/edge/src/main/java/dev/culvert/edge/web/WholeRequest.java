package dev.culvert.edge.web;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// A request whose body has come before anything is decided of it: whoever holds the body back does not
/// keep the rights of when the head came. At most 64 KiB of body.
///
/// Confined to the thread that handles it.
public final class WholeRequest implements HttpExchange {
    private static final int MAX_BYTES = 64 * 1024;

    private final HttpExchange head;
    private final byte[] content;

    private WholeRequest(HttpExchange head, byte[] content) {
        this.head = head;
        this.content = content;
    }

    /// Waits for the body. Blocking.
    ///
    /// @throws TooLong for a body of more than 64 KiB
    public static HttpExchange of(HttpExchange head) throws IOException, TooLong {
        byte[] content = head.body().readNBytes(MAX_BYTES + 1);
        if (content.length > MAX_BYTES) {
            throw new TooLong();
        }
        return new WholeRequest(head, content);
    }

    /// The body is longer than any that is meant.
    public static final class TooLong extends Exception {
        private TooLong() {
            super("the body is longer than " + MAX_BYTES + " bytes");
        }
    }

    @Override
    public String method() {
        return head.method();
    }

    @Override
    public String path() {
        return head.path();
    }

    @Override
    public String authority() {
        return head.authority();
    }

    @Override
    public HeaderList requestHeaders() {
        return head.requestHeaders();
    }

    @Override
    public InputStream body() {
        return new ByteArrayInputStream(content);
    }

    @Override
    public OutputStream respond(int status, HeaderList headers) throws IOException {
        return head.respond(status, headers);
    }

    @Override
    public boolean isWebSocket() {
        return false;
    }
}
