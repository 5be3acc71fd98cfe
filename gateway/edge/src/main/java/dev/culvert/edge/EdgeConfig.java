package dev.culvert.edge;

import dev.culvert.edge.certificates.CertificateFiles;
import dev.culvert.edge.front.PublicLimits;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything an edge is started with, checked. Immutable.
///
/// @param state state directory
/// @param keyFile key of the tunnel secrets, null for the one in the state directory
/// @param listen public HTTPS
/// @param tunnelListen connectors
/// @param quic whether connectors may come by QUIC too, over UDP on the tunnel listener's port
/// @param metrics `/metrics`, `/ready`, `/healthz`; loopback unless told otherwise
/// @param domains the local authority may make certificates for, besides `localhost`
/// @param certificates PEM files, before the local authority
/// @param location shown in connectors' logs
/// @param gracePeriod how long streams may go on after SIGTERM
/// @param maxStreams public streams open at a time
/// @param limits of one client
/// @param access who may come in; null when the edge asks nobody
public record EdgeConfig(
        Path state,
        @Nullable Path keyFile,
        InetSocketAddress listen,
        InetSocketAddress tunnelListen,
        boolean quic,
        InetSocketAddress metrics,
        List<String> domains,
        List<CertificateFiles.Pair> certificates,
        String location,
        Duration gracePeriod,
        int maxStreams,
        PublicLimits limits,
        @Nullable AccessConfig access) {
    public static final int DEFAULT_MAX_STREAMS = 20_000;
    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    /// With the limits there are without `limits` in the configuration, and without access rules.
    public EdgeConfig(
            Path state,
            @Nullable Path keyFile,
            InetSocketAddress listen,
            InetSocketAddress tunnelListen,
            boolean quic,
            InetSocketAddress metrics,
            List<String> domains,
            List<CertificateFiles.Pair> certificates,
            String location,
            Duration gracePeriod,
            int maxStreams) {
        this(
                state,
                keyFile,
                listen,
                tunnelListen,
                quic,
                metrics,
                domains,
                certificates,
                location,
                gracePeriod,
                maxStreams,
                PublicLimits.DEFAULT,
                null);
    }

    /// The same with these rules for who may come in.
    public EdgeConfig withAccess(AccessConfig rules) {
        return new EdgeConfig(
                state,
                keyFile,
                listen,
                tunnelListen,
                quic,
                metrics,
                domains,
                certificates,
                location,
                gracePeriod,
                maxStreams,
                limits,
                rules);
    }
}
