package dev.culvert.transport.served;

import dev.culvert.plugin.HttpHandler;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Runs an [HttpHandler] for each stream, on a virtual thread of its own. This is the crossing between
/// event loops, which move bytes, and threads, which may block.
///
/// Thread-safe.
public final class ServedTarget implements StreamTarget {
    private static final Logger log = LoggerFactory.getLogger(ServedTarget.class);

    private final String name;
    private final HttpHandler handler;

    /// @param name for thread names and the log
    public ServedTarget(String name, HttpHandler handler) {
        this.name = name;
        this.handler = handler;
    }

    @Override
    public StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        ServedExchange exchange = new ServedExchange(request, caller, loop);
        Thread.ofVirtual().name("served-" + name).start(() -> serve(exchange));
        return exchange;
    }

    private void serve(ServedExchange exchange) {
        try {
            handler.handle(exchange);
        } catch (IOException e) {
            log.debug("exchange ended early handler={} reason={}", name, e.getMessage());
            failed(exchange);
        } catch (InterruptedException e) {
            failed(exchange);
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.warn("handler failed handler={}", name, e);
            failed(exchange);
        } finally {
            exchange.finish();
        }
    }

    /// A 500, or a reset once the answer has begun: an orderly end would pass it off as complete.
    private void failed(ServedExchange exchange) {
        if (exchange.responded()) {
            exchange.fail();
            return;
        }
        try {
            exchange.respond(
                    500,
                    HeaderList.of("Content-Type", "text/plain; charset=utf-8"),
                    "Internal error.\n".getBytes(StandardCharsets.UTF_8));
        } catch (IOException gone) {
            log.debug("nobody to tell handler={}", name);
        }
    }
}
