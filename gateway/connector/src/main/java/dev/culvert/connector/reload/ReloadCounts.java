package dev.culvert.connector.reload;

import dev.culvert.connector.engine.LiveRules;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/// How often rules were exchanged, for `/metrics`: `culvert_config_reload_total` by source and result,
/// `culvert_config_reload_ok` (0 after one that was rejected), `culvert_config_draining`. Thread-safe.
public final class ReloadCounts {
    private final MeterRegistry meters;
    private volatile boolean ok = true;

    enum Source {
        FILE,
        EDGE;

        private final String word = name().toLowerCase(Locale.ROOT);
    }

    public ReloadCounts(MeterRegistry meters, LiveRules live) {
        this.meters = meters;
        meters.gauge("culvert.config.reload.ok", this, counts -> counts.ok ? 1 : 0);
        meters.gauge("culvert.config.draining", live, LiveRules::draining);
        for (Source source : Source.values()) {
            counter(source, "applied");
            counter(source, "rejected");
        }
    }

    private Counter counter(Source source, String result) {
        return meters.counter("culvert.config.reload", "source", source.word, "result", result);
    }

    void applied(Source source) {
        ok = true;
        counter(source, "applied").increment();
    }

    void rejected(Source source) {
        ok = false;
        counter(source, "rejected").increment();
    }
}
