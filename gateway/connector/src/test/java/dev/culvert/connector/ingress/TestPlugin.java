package dev.culvert.connector.ingress;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes every service of its schemes but `bad`.
public record TestPlugin(String name, Set<String> schemes) implements OriginPlugin {
    public TestPlugin() {
        this("test", Set.of("http", "https", "tcp", "ssh", "http_status", "hello_world"));
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        if (service.rest().equals("bad")) {
            problems.add("service", "is bad");
            return null;
        }
        return new TestOrigin();
    }

    private static final class TestOrigin implements ServedHttpOrigin {
        @Override
        public void handle(HttpExchange exchange) {
            throw new UnsupportedOperationException();
        }
    }
}
