package dev.culvert.plugin.rdp;

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

/// Carries RDP to an RDP server and nothing else. Immutable.
public final class RdpPlugin implements OriginPlugin {
    private static final int PORT = 3389;

    @Override
    public String name() {
        return "rdp";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("rdp");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        Endpoint.Tcp endpoint = service.endpoint(PORT, problems);
        RdpSecurity security = RdpSecurity.of(service.originRequest().rdpSecurity());
        return endpoint == null ? null : new RdpOrigin(endpoint, service.dialling(), security);
    }

    private record RdpOrigin(Endpoint endpoint, DialSettings dialling, RdpSecurity security)
            implements ByteOrigin {
        @Override
        public FirstBytes clientFirst() {
            return new RdpOpening(RdpOpening.Side.CLIENT, security);
        }

        @Override
        public FirstBytes originFirst() {
            return new RdpOpening(RdpOpening.Side.ORIGIN, security);
        }
    }
}
