package dev.culvert.edge.front;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts public requests. Names as Prometheus shows them: `culvert_requests_total{status="2xx"}`,
/// `culvert_streams`, `culvert_streams_stalled_total`, `culvert_connections_refused_total`,
/// `culvert_body_bytes_total{direction="received"}`.
///
/// Thread-safe.
public final class EdgeMetrics {
    private final AtomicInteger streams = new AtomicInteger();
    private final Counter[] byClass = new Counter[6];
    private final Counter stalled;
    private final Counter refused;
    private final Counter received;
    private final Counter sent;

    public EdgeMetrics(MeterRegistry registry) {
        Gauge.builder("culvert.streams", streams, AtomicInteger::get)
                .description("Public streams open now")
                .register(registry);
        stalled =
                Counter.builder("culvert.streams.stalled")
                        .description("Public streams ended because their client did not move")
                        .register(registry);
        refused =
                Counter.builder("culvert.connections.refused")
                        .description("Connections of clients that had too many")
                        .register(registry);
        received = bytes(registry, "received");
        sent = bytes(registry, "sent");
        for (int i = 1; i < byClass.length; i++) {
            byClass[i] =
                    Counter.builder("culvert.requests")
                            .description("Public requests by class of status")
                            .tag("status", i + "xx")
                            .register(registry);
        }
    }

    private static Counter bytes(MeterRegistry registry, String direction) {
        return Counter.builder("culvert.body.bytes")
                .description("Bytes of public streams' bodies, from and to users")
                .tag("direction", direction)
                .register(registry);
    }

    /// From users, since the start.
    public long bytesReceived() {
        return (long) received.count();
    }

    /// To users, since the start.
    public long bytesSent() {
        return (long) sent.count();
    }

    /// Requests that are over, since the start.
    public long requests() {
        long all = 0;
        for (int i = 1; i < byClass.length; i++) {
            all += (long) byClass[i].count();
        }
        return all;
    }

    public void received(long bytes) {
        received.increment(bytes);
    }

    public void sent(long bytes) {
        sent.increment(bytes);
    }

    /// Streams open now.
    public int streams() {
        return streams.get();
    }

    public void opened() {
        streams.incrementAndGet();
    }

    public void closed(int status) {
        streams.decrementAndGet();
        byClass[Math.clamp(status / 100, 1, 5)].increment();
    }

    void stalled() {
        stalled.increment();
    }

    void connectionRefused() {
        refused.increment();
    }
}
