package dev.culvert.access.ports;

import dev.culvert.access.HostPort;
import dev.culvert.access.Listener;
import dev.culvert.access.StreamMeter;
import java.net.InetSocketAddress;
import java.util.List;

/// A local port that is open. Thread-safe.
public final class LocalPort {
    private final PortSpec spec;
    private final Listener listener;
    private final InetSocketAddress bound;

    LocalPort(PortSpec spec, Listener listener, InetSocketAddress bound) {
        this.spec = spec;
        this.listener = listener;
        this.bound = bound;
    }

    public String name() {
        return spec.name();
    }

    public PortSpec spec() {
        return spec;
    }

    /// Where local programs connect to.
    public HostPort address() {
        return new HostPort(bound.getAddress().getHostAddress(), bound.getPort());
    }

    public List<StreamMeter> streams() {
        return listener.meters();
    }

    /// See [Listener#watch].
    public void watch(boolean on) {
        listener.watch(on);
    }

    void drain() {
        listener.drain();
    }

    void close() {
        listener.close();
    }
}
