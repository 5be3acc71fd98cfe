package dev.culvert.connector.engine;

import dev.culvert.connector.assertion.AccessSettings;
import dev.culvert.connector.assertion.AssertionCheck;
import dev.culvert.connector.destination.CheckedDialler;
import dev.culvert.connector.destination.DestinationRules;
import dev.culvert.connector.destination.OwnListeners;
import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressRule;
import dev.culvert.connector.ingress.RuleSettings;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.ClientChosenOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.HttpHandler;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.served.ServedTarget;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
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

    /// Those of `targets` that keep connections.
    private final List<HttpOriginTarget> pooled = new ArrayList<>();

    /// One for being in force; 0 is final.
    private final AtomicInteger users = new AtomicInteger(1);

    /// @param own where this process listens: no destination for clients
    /// @throws IOException when a service's TLS settings cannot be used; the message names it
    public OriginTargets(Ingress ingress, Dialer dialer, OwnListeners own) throws IOException {
        this.ingress = ingress;
        for (IngressRule rule : ingress.rules()) {
            try {
                StreamTarget target =
                        rule.origin() instanceof ServedHttpOrigin served
                                ? new ServedTarget(rule.service().scheme(), counted(served))
                                : of(
                                        rule.origin(),
                                        rule.service().scheme(),
                                        dialer,
                                        rule.settings(),
                                        own);
                if (target instanceof HttpOriginTarget http) {
                    pooled.add(http);
                }
                targets.put(rule.origin(), asserted(target, rule));
            } catch (IOException e) {
                throw new IOException(
                        "service " + rule.service().text() + ": " + e.getMessage(), e);
            }
        }
    }

    /// What carries streams to one origin.
    public static StreamTarget of(Origin origin, String name, Dialer dialer) throws IOException {
        return of(origin, name, dialer, RuleSettings.NONE, OwnListeners.NONE);
    }

    static StreamTarget of(
            Origin origin, String name, Dialer dialer, RuleSettings settings, OwnListeners own)
            throws IOException {
        return switch (origin) {
            case ByteOrigin bytes -> new ByteOriginTarget(bytes, dialer, settings.speaksSocks());
            case ClientChosenOrigin chosen -> chosen(chosen, dialer, settings, own);
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

    private static StreamTarget chosen(
            ClientChosenOrigin origin, Dialer dialer, RuleSettings settings, OwnListeners own) {
        DialSettings dialling = origin.dialling();
        return switch (origin.naming()) {
            case HEADER ->
                    new BastionTarget(
                            new CheckedDialler(
                                    dialer,
                                    DestinationRules.openWithoutRules(settings.ipRules()),
                                    own,
                                    dialling),
                            dialling);
            case SOCKS5 ->
                    new SocksTarget(
                            new CheckedDialler(
                                    dialer,
                                    DestinationRules.closed(settings.ipRules()),
                                    own,
                                    dialling),
                            dialling);
        };
    }

    private static StreamTarget asserted(StreamTarget target, IngressRule rule) throws IOException {
        AccessSettings access = rule.settings().access();
        return access == null || !access.required()
                ? target
                : new AssertedTarget(target, AssertionCheck.of(access), rule.toString());
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
        pooled.forEach(HttpOriginTarget::closeIdle);
        ingress.close();
    }
}
