package dev.culvert.plugin.http;

import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.Problems;
import dev.culvert.plugin.ProxiedHttpOrigin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything spoken to in HTTP. `ws` and `wss` are other names for `http` and `https`. Immutable.
public final class HttpPlugin implements OriginPlugin {
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    /// `sun_path` of Linux holds 108 bytes with a final zero.
    private static final int MAX_SOCKET_PATH = 107;

    @Override
    public String name() {
        return "http";
    }

    @Override
    public Set<String> schemes() {
        return Set.of(
                "http",
                "https",
                "ws",
                "wss",
                "unix",
                "unix+tls",
                "http_status",
                "hello_world",
                "hello-world");
    }

    @Override
    public @Nullable Origin configure(ServiceSpec service, Problems problems) {
        return switch (service.scheme()) {
            case "http", "ws" -> server(service, HTTP_PORT, false, problems);
            case "https", "wss" -> server(service, HTTPS_PORT, true, problems);
            case "unix" -> unix(service, null, problems);
            case "unix+tls" -> unix(service, tls(service.originRequest()), problems);
            case "http_status" -> FixedStatus.configure(service, problems);
            default -> hello(service, problems);
        };
    }

    private static @Nullable Origin server(
            ServiceSpec service, int port, boolean tls, Problems problems) {
        if (!service.text().regionMatches(service.scheme().length(), "://", 0, 3)) {
            problems.add(
                    "service",
                    "\""
                            + service.text()
                            + "\" (expected: "
                            + service.scheme()
                            + "://HOST[:PORT])");
            return null;
        }
        Endpoint.Tcp endpoint = service.endpoint(port, problems);
        if (endpoint == null) {
            return null;
        }
        OriginRequest settings = service.originRequest();
        return proxied(endpoint, service, tls ? tls(settings) : null, settings.httpHostHeader());
    }

    private static ProxiedHttpOrigin.Tls tls(OriginRequest settings) {
        return new ProxiedHttpOrigin.Tls(
                settings.originServerName(),
                settings.matchSNItoHost(),
                !settings.noTLSVerify(),
                settings.caPool() == null ? List.of() : List.of(settings.caPool()),
                settings.http2Origin(),
                settings.tlsTimeout());
    }

    /// As cloudflared's, a Unix socket ignores `httpHostHeader`.
    private static @Nullable Origin unix(
            ServiceSpec service, ProxiedHttpOrigin.@Nullable Tls tls, Problems problems) {
        Path path;
        try {
            path = Path.of(service.rest());
        } catch (InvalidPathException e) {
            path = Path.of("");
        }
        int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
        if (!path.isAbsolute() || length > MAX_SOCKET_PATH) {
            problems.add(
                    "service",
                    "\""
                            + service.text()
                            + "\" (expected: "
                            + service.scheme()
                            + ": and an absolute path of at most "
                            + MAX_SOCKET_PATH
                            + " bytes, such as "
                            + service.scheme()
                            + ":/run/app.sock)");
            return null;
        }
        return proxied(new Endpoint.UnixSocket(path), service, tls, null);
    }

    private static Origin proxied(
            Endpoint endpoint,
            ServiceSpec service,
            ProxiedHttpOrigin.@Nullable Tls tls,
            @Nullable String hostHeader) {
        OriginRequest settings = service.originRequest();
        return new ProxiedHttpOrigin(
                endpoint,
                service.dialling(),
                tls,
                hostHeader,
                settings.keepAliveConnections(),
                settings.keepAliveTimeout(),
                !settings.disableChunkedEncoding());
    }

    private static @Nullable Origin hello(ServiceSpec service, Problems problems) {
        if (!service.rest().isEmpty()) {
            problems.add(
                    "service", "\"" + service.text() + "\" (expected: the word hello_world alone)");
            return null;
        }
        return new HelloOrigin();
    }
}
