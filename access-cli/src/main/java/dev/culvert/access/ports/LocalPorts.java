package dev.culvert.access.ports;

import dev.culvert.access.Listener;
import dev.culvert.access.Patience;
import dev.culvert.access.Problem;
import dev.culvert.access.SignedRoute;
import dev.culvert.access.StreamEvents;
import dev.culvert.access.StreamMeter;
import dev.culvert.access.Trust;
import dev.culvert.access.ports.PortEvent.Weight;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/// The local ports that are open.
///
/// Thread-safe: a lock around the set. Events are told by I/O threads and by those that open and close.
public final class LocalPorts implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration GLANCE = Duration.ofMillis(50);

    private final Way way;
    private final Consumer<PortEvent> events;
    private final Map<String, LocalPort> open = new LinkedHashMap<>();

    /// @param events returns at once
    public LocalPorts(Way way, Consumer<PortEvent> events) {
        this.way = way;
        this.events = events;
    }

    /// @throws Problem when it cannot be used, or one of its name is open
    public LocalPort open(PortSpec wanted) throws Problem {
        PortSpec spec = way.filled(wanted);
        LocalPort port;
        synchronized (open) {
            LocalPort there = open.get(spec.name());
            if (there != null) {
                throw Problem.usage(
                        spec.name() + " is open already on " + there.address(),
                        "close it first: close " + spec.name());
            }
            port = listen(spec);
            open.put(spec.name(), port);
        }
        String what = "listening on " + port.address() + " for " + spec.target();
        events.accept(PortEvent.of(Weight.NOTICE, spec.name(), what));
        return port;
    }

    private LocalPort listen(PortSpec spec) throws Problem {
        SignedRoute route = way.route(spec);
        InetSocketAddress address = Listener.address(spec.listen());
        Listener listener =
                new Listener(
                        route,
                        Trust.context(route.route().caFile()),
                        new Told(spec.name()),
                        new Patience(PATIENCE));
        return new LocalPort(spec, listener, listener.bind(address));
    }

    /// Those that are open, in the order they were opened.
    public List<LocalPort> list() {
        synchronized (open) {
            return List.copyOf(open.values());
        }
    }

    /// Closes a port and ends its streams.
    ///
    /// @return whether there was one of that name
    public boolean close(String name) {
        LocalPort port;
        synchronized (open) {
            port = open.remove(name);
        }
        if (port == null) {
            return false;
        }
        int streams = port.streams().size();
        port.close();
        String ended = streams == 0 ? "" : ", streams ended: " + streams;
        events.accept(PortEvent.of(Weight.NOTICE, name, "closed" + ended));
        return true;
    }

    /// Streams that there are on all ports.
    public int streams() {
        return list().stream().mapToInt(port -> port.streams().size()).sum();
    }

    /// Stops accepting, and waits for the streams that there are.
    ///
    /// @return streams that are still there after the time
    public int drain(Duration within) {
        List<LocalPort> ports = list();
        ports.forEach(LocalPort::drain);
        long end = System.nanoTime() + within.toNanos();
        int left = streams();
        while (left > 0 && System.nanoTime() < end && !Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(GLANCE.toNanos());
            left = streams();
        }
        return left;
    }

    @Override
    public void close() {
        List<LocalPort> all;
        synchronized (open) {
            all = new ArrayList<>(open.values());
            open.clear();
        }
        all.forEach(LocalPort::close);
    }

    /// What a listener says, as events of its port.
    private final class Told implements StreamEvents {
        private final String port;

        Told(String port) {
            this.port = port;
        }

        @Override
        public void failed(Problem problem) {
            events.accept(PortEvent.of(Weight.ERROR, port, problem));
        }

        @Override
        public void opened(StreamMeter stream) {
            long millis = TimeUnit.NANOSECONDS.toMillis(stream.openedAfterNanos());
            String what = "stream " + stream.number() + " from " + stream.from();
            events.accept(PortEvent.of(Weight.DETAIL, port, what + " opened in " + millis + " ms"));
        }

        @Override
        public void ended(StreamMeter stream) {
            events.accept(
                    PortEvent.of(
                            Weight.DETAIL,
                            port,
                            "stream "
                                    + stream.number()
                                    + " ended, bytes up "
                                    + stream.up()
                                    + ", down "
                                    + stream.down()));
        }

        @Override
        public void waiting(StreamMeter stream, Problem why) {
            boolean login = why.exitCode() == Problem.LOGIN_NEEDED;
            // The org token may do; if somebody has to sign in, who asks for it tells.
            events.accept(
                    login
                            ? PortEvent.of(Weight.DETAIL, port, "another token is asked for")
                            : new PortEvent(
                                    Instant.now(),
                                    Weight.WARNING,
                                    port,
                                    why.what() + "; trying again",
                                    why.hint()));
        }
    }
}
