package dev.culvert.connector.engine;

import dev.culvert.connector.ingress.Ingress;
import dev.culvert.connector.ingress.IngressRule;
import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.transport.Dialer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.served.ServedTarget;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The ingress rules with what carries each: the target of a rule's origin. Immutable.
public final class OriginTargets implements StreamRouter.Rules {
    private final Ingress ingress;
    private final Map<Origin, StreamTarget> targets = new IdentityHashMap<>();

    /// @throws IOException when a service's TLS settings cannot be used; the message names it
    public OriginTargets(Ingress ingress, Dialer dialer) throws IOException {
        this.ingress = ingress;
        for (IngressRule rule : ingress.rules()) {
            try {
                targets.put(rule.origin(), of(rule.origin(), rule.service().scheme(), dialer));
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

    @Override
    public @Nullable StreamTarget match(String host, String path) {
        IngressRule rule = ingress.match(host, path);
        return rule == null ? null : targets.get(rule.origin());
    }
}
