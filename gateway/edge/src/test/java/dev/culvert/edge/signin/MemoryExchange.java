package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.web.AnsweredExchange;
import java.io.ByteArrayInputStream;
import java.io.InputStream;

/// One request to the auth host and its answer, in memory.
final class MemoryExchange extends AnsweredExchange {
    private final byte[] body;

    /// Done while the body is held back.
    Meanwhile meanwhile = () -> {};

    interface Meanwhile {
        void run() throws Exception;
    }

    MemoryExchange(String method, String path, byte[] body) {
        super(method, path);
        this.body = body;
    }

    @Override
    public String authority() {
        return Accounts.AUTHORITY;
    }

    @Override
    public InputStream body() {
        try {
            meanwhile.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return new ByteArrayInputStream(body);
    }
}
