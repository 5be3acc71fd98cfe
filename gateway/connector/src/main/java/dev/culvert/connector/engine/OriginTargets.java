package dev.culvert.connector.engine;

import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressRule;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.served.ServedTarget;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The ingress rules of one configuration with what carries each. Counts its users: while it is in
/// force, each stream and each running handler. When the last one has gone the origins are closed.
///
/// Thread-safe.
public final class OriginTargets implements StreamRouter.Rules {
    private final Ingress ingress;
    private final Map<Origin, StreamTarget> targets = new IdentityHashMap<>();

    /// One for being in force; 0 is final.
    private final AtomicInteger users = new AtomicInteger(1);

    /// @throws IOException when a service's TLS settings cannot be used; the message names it
    public OriginTargets(Ingress ingress, Dialer dialer) throws IOException {
        this.ingress = ingress;
        for (IngressRule rule : ingress.rules()) {
            try {
                StreamTarget target =
                        rule.origin() instanceof ServedHttpOrigin served
                                ? new ServedTarget(rule.service().scheme(), counted(served))
                                : of(rule.origin(), rule.service().scheme(), dialer);
                targets.put(rule.origin(), target);
            } catch (IOException e) {
                throw new IOException(
                        "service " + rule.service().text() + ": " + e.getMessage(), e);
            }
        }
    }

    /// What carries streams to one origin.
    public static StreamTarget of(Origin origin, String name, Dialer dialer) throws IOException {
        return switch (origin) {
            case ByteOrigin bytes -> new ByteOriginTarget(bytes, dialer);
            case ProxiedHttpOrigin http -> new HttpOriginTarget(http, dialer);
            case ServedHttpOrigin served -> new ServedTarget(name, served);
        };
    }

    /// A handler may still run when its stream has ended: the origin must not be closed under it.
    private HttpHandler counted(ServedHttpOrigin served) {
        return exchange -> {
            if (!tryEnter()) {
                throw new IOException("the rules were replaced and the stream has ended");
            }
            try {
                served.handle(exchange);
            } finally {
                leave();
            }
        };
    }

    public Ingress ingress() {
        return ingress;
    }

    @Override
    public @Nullable StreamTarget match(String host, String path) {
        IngressRule rule = ingress.match(host, path);
        return rule == null ? null : targets.get(rule.origin());
    }

    /// @return false when it is closed
    boolean tryEnter() {
        int before = users.getAndUpdate(count -> count == 0 ? 0 : count + 1);
        return before > 0;
    }

    @Override
    public void leave() {
        if (users.decrementAndGet() == 0) {
            // Closing an origin may block; the last stream ends on an event loop.
            Thread.ofVirtual().name("origins-close").start(this::close);
        }
    }

    boolean isClosed() {
        return users.get() == 0;
    }

    /// Closes the origins, whoever still uses them. The second time does nothing.
    void close() {
        for (StreamTarget target : targets.values()) {
            if (target instanceof HttpOriginTarget http) {
                http.closeIdle();
            }
        }
        ingress.close();
    }
}
