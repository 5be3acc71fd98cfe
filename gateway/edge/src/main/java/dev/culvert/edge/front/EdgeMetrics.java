package dev.culvert.edge.front;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;

/// Counts public requests. Names as Prometheus shows them: `culvert_requests_total{status="2xx"}`,
/// `culvert_streams`.
///
/// Thread-safe.
public final class EdgeMetrics {
    private final AtomicInteger streams = new AtomicInteger();
    private final Counter[] byClass = new Counter[6];

    public EdgeMetrics(MeterRegistry registry) {
        Gauge.builder("culvert.streams", streams, AtomicInteger::get)
                .description("Public streams open now")
                .register(registry);
        for (int i = 1; i < byClass.length; i++) {
            byClass[i] =
                    Counter.builder("culvert.requests")
                            .description("Public requests by class of status")
                            .tag("status", i + "xx")
                            .register(registry);
        }
    }

    /// Streams open now.
    public int streams() {
        return streams.get();
    }

    void opened() {
        streams.incrementAndGet();
    }

    void closed(int status) {
        streams.decrementAndGet();
        byClass[Math.clamp(status / 100, 1, 5)].increment();
    }
}
