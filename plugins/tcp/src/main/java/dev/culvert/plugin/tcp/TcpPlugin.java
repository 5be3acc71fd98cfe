package dev.culvert.plugin.tcp;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.ClientChosenOrigin;
import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ServiceSpec;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Carries any byte stream; looks at nothing. Default ports as cloudflared's. `bastion` and
/// `socks-proxy` lead where the client says. Immutable.
public final class TcpPlugin implements OriginPlugin {
    private static final int TCP_PORT = 7864;
    private static final int SMB_PORT = 445;
    private static final String BASTION = "bastion";
    private static final int VNC_PORT = 5900;
    private static final int TELNET_PORT = 23;
    private static final String SOCKS_PROXY = "socks-proxy";

    @Override
    public String name() {
        return "tcp";
    }

    @Override
    public Set<String> schemes() {
        return Set.of("tcp", "smb", "vnc", "telnet", BASTION, SOCKS_PROXY);
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        switch (service.scheme()) {
            case BASTION -> {
                return chosen(service, ClientChosenOrigin.Naming.HEADER, problems);
            }
            case SOCKS_PROXY -> {
                return chosen(service, ClientChosenOrigin.Naming.SOCKS5, problems);
            }
            default -> {}
        }
        int defaultPort =
                switch (service.scheme()) {
                    case "smb" -> SMB_PORT;
                    case "vnc" -> VNC_PORT;
                    case "telnet" -> TELNET_PORT;
                    default -> TCP_PORT;
                };
        Endpoint.Tcp endpoint = service.endpoint(defaultPort, problems);
        return endpoint == null ? null : new TcpOrigin(endpoint, service.dialling());
    }

    private static @Nullable Origin chosen(
            ServiceSpec service, ClientChosenOrigin.Naming naming, Problems problems) {
        if (!service.text().equalsIgnoreCase(service.scheme())) {
            problems.add(
                    "service",
                    "\""
                            + service.text()
                            + "\" (expected: the word "
                            + service.scheme()
                            + " alone)");
            return null;
        }
        return new ClientChosenOrigin(naming, service.dialling());
    }

    private record TcpOrigin(Endpoint endpoint, DialSettings dialling) implements ByteOrigin {}
}
