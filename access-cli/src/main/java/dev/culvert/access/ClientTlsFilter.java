package dev.culvert.access;

import java.net.InetSocketAddress;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.mina.core.session.IoSession;
import org.apache.mina.filter.ssl.SslFilter;
import org.jspecify.annotations.Nullable;

/// MINA's TLS filter with the name that the route asks for (MINA would take the name of the dialled
/// address, and verify none).
///
/// One for each session: the filter's own methods are synchronized.
final class ClientTlsFilter extends SslFilter {
    private final HostPort server;

    ClientTlsFilter(SSLContext context, HostPort server) {
        super(context);
        this.server = server;
        setEndpointIdentificationAlgorithm("HTTPS");
    }

    @Override
    protected SSLEngine createEngine(IoSession session, @Nullable InetSocketAddress address) {
        SSLEngine engine = sslContext.createSSLEngine(server.host(), server.port());
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        Trust.apply(parameters, server.host());
        engine.setSSLParameters(parameters);
        return new InlineTasksEngine(engine);
    }
}
