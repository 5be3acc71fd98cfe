package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.web.AnsweredExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A WebSocket whose browser says nothing until the edge ends it.
public final class OpenSocket extends AnsweredExchange {
    private final CompletableFuture<Void> over = new CompletableFuture<>();

    interface Answer {
        void run() throws Exception;
    }

    OpenSocket(String path) {
        super("GET", path);
    }

    void begin(Answer answer) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        answer.run();
                        over.complete(null);
                    } catch (Exception e) {
                        over.completeExceptionally(e);
                    }
                });
    }

    /// Bytes of the answer once nobody answers any more.
    public byte[] awaitOver() throws Exception {
        over.handle((nothing, problem) -> null).get(30, TimeUnit.SECONDS);
        return answer.toByteArray();
    }

    @Override
    public String authority() {
        return Accounts.AUTHORITY;
    }

    @Override
    public boolean isWebSocket() {
        return true;
    }

    @Override
    public synchronized OutputStream respond(
            int code, dev.culvert.protocols.stream.HeaderList head) {
        return super.respond(code, head);
    }

    @Override
    public InputStream body() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                try {
                    Thread.sleep(Long.MAX_VALUE);
                } catch (InterruptedException e) {
                    throw new IOException("interrupted", e);
                }
                return -1;
            }
        };
    }
}
