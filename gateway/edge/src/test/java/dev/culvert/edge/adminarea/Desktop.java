package dev.culvert.edge.adminarea;

import dev.culvert.edge.recordings.Somebody;
import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A session that shows what it is asked. Its WebSocket sends a frame, and reads until it may not.
final class Desktop implements LiveSession {
    /// A text frame, `hello`.
    static final byte[] FRAME = {(byte) 0x81, 5, 'h', 'e', 'l', 'l', 'o'};

    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    final BlockingQueue<Overseer> left = new LinkedBlockingQueue<>();
    final BlockingQueue<Overseer> joined = new LinkedBlockingQueue<>();
    private final String id;
    private final String unwatchable;

    Desktop(String id, String unwatchable) {
        this.id = id;
        this.unwatchable = unwatchable;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Admitted admitted() {
        return new Somebody("ann@example.com", "office.example.com");
    }

    @Override
    public String engine() {
        return "guacd";
    }

    @Override
    public Instant startedAt() {
        return Instant.EPOCH;
    }

    @Override
    public String recording() {
        return "20261129-083015-00000000";
    }

    @Override
    public String unwatchable() {
        return unwatchable;
    }

    @Override
    public int watchers() {
        return joined.size() - left.size();
    }

    @Override
    public void view(Overseer who, String path, HttpExchange exchange) throws IOException {
        if (!exchange.isWebSocket()) {
            String text = path + " for " + who.actor() + (who.control() ? ", with control" : "");
            exchange.respond(
                    200,
                    HeaderList.of("Content-Type", "text/html"),
                    text.getBytes(StandardCharsets.UTF_8));
            return;
        }
        OutputStream out = exchange.respond(101, HeaderList.of());
        out.write(FRAME);
        joined.add(who);
        try {
            while (exchange.body().read() >= 0) {
                out.write(FRAME);
            }
        } finally {
            left.add(who);
        }
    }

    @Override
    public void end(String reason) {
        ended.add(reason);
    }
}
