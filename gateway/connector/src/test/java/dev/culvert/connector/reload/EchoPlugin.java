package dev.culvert.connector.reload;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// `echo:NAME` sends back what it gets, with its name in a header, and notes its life; `echo:bad` is a
/// wrong service, `echo:broken` one that does not start. Thread-safe.
final class EchoPlugin implements OriginPlugin {
    final List<Echo> made = new CopyOnWriteArrayList<>();

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("echo");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        if (service.rest().equals("bad")) {
            problems.add("service", "is bad");
            return null;
        }
        Echo echo = new Echo(service.rest());
        made.add(echo);
        return echo;
    }

    Echo last(String name) {
        return made.stream().filter(echo -> echo.name.equals(name)).toList().getLast();
    }

    static final class Echo implements ServedHttpOrigin {
        final String name;
        final AtomicInteger started = new AtomicInteger();
        final AtomicInteger closed = new AtomicInteger();
        final AtomicInteger running = new AtomicInteger();
        volatile int runningAtClose = -1;

        private Echo(String name) {
            this.name = name;
        }

        @Override
        public void start() throws IOException {
            started.incrementAndGet();
            if (name.equals("broken")) {
                throw new IOException("it is broken");
            }
        }

        @Override
        public void handle(HttpExchange exchange) throws IOException {
            running.incrementAndGet();
            try (OutputStream out = exchange.respond(200, HeaderList.of("X-Origin", name))) {
                exchange.body().transferTo(out);
            } finally {
                running.decrementAndGet();
            }
        }

        @Override
        public void close() {
            closed.incrementAndGet();
            runningAtClose = running.get();
        }
    }
}
