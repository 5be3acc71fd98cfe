package dev.culvert.plugin.ssh;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries SSH to an SSH server and nothing else. Immutable.
public final class SshPlugin implements OriginPlugin {
    private static final int PORT = 22;

    @Override
    public String name() {
        return "ssh";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("ssh");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        Endpoint.Tcp endpoint = service.endpoint(PORT, problems);
        return endpoint == null ? null : new SshOrigin(endpoint, service.dialling());
    }

    private record SshOrigin(Endpoint endpoint, DialSettings dialling) implements ByteOrigin {
        @Override
        public FirstBytes clientFirst() {
            return new ClientVersion();
        }

        @Override
        public FirstBytes originFirst() {
            return new OriginVersion();
        }
    }
}
