package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.Origin;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec;
import dev.culvert.plugin.ServiceSpec.OriginRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Makes origins as the configuration would.
final class Origins {
    private Origins() {}

    static OriginRequest connectWithin(Duration time) {
        OriginRequest d = OriginRequest.DEFAULT;
        return new OriginRequest(
                time,
                d.tlsTimeout(),
                d.tcpKeepAlive(),
                d.noHappyEyeballs(),
                d.keepAliveConnections(),
                d.keepAliveTimeout(),
                d.disableChunkedEncoding(),
                d.http2Origin(),
                d.httpHostHeader(),
                d.originServerName(),
                d.matchSNItoHost(),
                d.caPool(),
                d.noTLSVerify());
    }

    /// For HTTP/1.1.
    static OriginRequest kept(int connections, Duration time, boolean noChunks) {
        OriginRequest d = OriginRequest.DEFAULT;
        return new OriginRequest(
                d.connectTimeout(),
                d.tlsTimeout(),
                d.tcpKeepAlive(),
                d.noHappyEyeballs(),
                connections,
                time,
                noChunks,
                d.http2Origin(),
                d.httpHostHeader(),
                d.originServerName(),
                d.matchSNItoHost(),
                d.caPool(),
                d.noTLSVerify());
    }

    /// @param service as in a configuration file
    static Origin configure(OriginPlugin plugin, String service, OriginRequest settings) {
        int colon = service.indexOf(':');
        String scheme = colon < 0 ? service : service.substring(0, colon);
        String rest = colon < 0 ? "" : service.substring(colon + 1);
        rest = rest.startsWith("//") ? rest.substring(2) : rest;
        assertThat(plugin.schemes()).contains(scheme);
        List<String> problems = new ArrayList<>();
        Origin origin =
                plugin.configure(
                        new ServiceSpec(service, scheme, rest, settings),
                        (key, problem) -> problems.add(key + ": " + problem));
        if (origin == null) {
            throw new AssertionError("not configured: " + problems);
        }
        assertThat(problems).isEmpty();
        return origin;
    }

    static ByteOrigin bytes(OriginPlugin plugin, String service, OriginRequest settings) {
        if (configure(plugin, service, settings) instanceof ByteOrigin origin) {
            return origin;
        }
        throw new AssertionError(service + " is not a service of bytes");
    }

    /// The same bytes each run.
    static byte[] noise(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }
}
