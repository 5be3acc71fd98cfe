package dev.culvert.plugin.tcp;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries any byte stream; looks at nothing. Default ports as cloudflared's. Immutable.
public final class TcpPlugin implements OriginPlugin {
    private static final int TCP_PORT = 7864;
    private static final int SMB_PORT = 445;

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("tcp", "smb");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        int defaultPort = service.scheme().equals("smb") ? SMB_PORT : TCP_PORT;
        Endpoint.Tcp endpoint = service.endpoint(defaultPort, problems);
        return endpoint == null ? null : new TcpOrigin(endpoint, service.dialling());
    }

    private record TcpOrigin(Endpoint endpoint, DialSettings dialling) implements ByteOrigin {}
}
