package dev.culvert.edge.plugins;

import dev.culvert.edge.admission.Admission;
import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.front.EdgeMetrics;
import dev.culvert.edge.front.OpenStream;
import dev.culvert.edge.state.Route;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.stream.StreamRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Everybody whom plugins serve now. Thread-safe.
public final class Entries {
    private static final String WITHDRAWN = "the route was withdrawn";

    private final Admission admission;
    private final ServiceStreams services;
    private final EdgeMetrics metrics;
    private final Set<Entry> open = ConcurrentHashMap.newKeySet();

    public Entries(Admission admission, ServiceStreams services, EdgeMetrics metrics) {
        this.admission = admission;
        this.services = services;
        this.metrics = metrics;
    }

    /// One that came over the public front, which counts it.
    Entry ofFront(StreamRequest request, Grant grant, String id) {
        return add(new Entry(this, request, grant, id, false));
    }

    /// One that came over a listener of a plugin.
    Entry ofListener(StreamRequest request, Grant grant, String id) {
        metrics.opened();
        return add(new Entry(this, request, grant, id, true));
    }

    /// It was let in a moment ago: what has changed since is looked at once more.
    private Entry add(Entry entry) {
        open.add(entry);
        review(entry);
        return entry;
    }

    ServiceStream open(Entry entry) throws RefusedException, InterruptedException {
        // Whatever let them in: a page, a post, a WebSocket of the plugin's.
        StreamRequest request = ServiceStreams.request(entry.request().host());
        return services.open(request, entry.grant(), entry.id());
    }

    /// Ends those that would not be let in now.
    void review() {
        open.forEach(this::review);
    }

    private void review(Entry entry) {
        String why = mayStay(entry);
        if (why != null) {
            entry.revoke(why);
        }
    }

    private @Nullable String mayStay(Entry entry) {
        return services.route(entry.host()) == null
                ? WITHDRAWN
                : admission.mayStay(entry.request(), entry.grant());
    }

    /// Those of listeners, for people.
    List<OpenStream> streams() {
        List<OpenStream> shown = new ArrayList<>();
        for (Entry entry : open) {
            Route route = entry.isOfListener() ? services.route(entry.host()) : null;
            if (route != null) {
                shown.add(
                        new OpenStream(
                                entry.id(),
                                entry.host(),
                                route.tunnelId(),
                                entry.grant(),
                                entry.age()));
            }
        }
        return shown;
    }

    void closed(Entry entry, long up, long down, String why) {
        open.remove(entry);
        if (!entry.isOfListener()) {
            return;
        }
        metrics.received(up);
        metrics.sent(down);
        metrics.closed(101);
        entry.grant().use().moved(up, down);
        admission.ended(entry.request(), entry.id(), entry.grant(), up, down, entry.age(), why);
    }
}
