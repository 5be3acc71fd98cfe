package dev.culvert.transport.http2;

import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.CarrierEvents;
import dev.culvert.transport.DeadPeer;
import dev.culvert.transport.MemoryBudget;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http2.AbstractHttp2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import io.netty.util.AsciiString;

/// Puts a [Http2Link] together from Netty's HTTP/2 parts. Used once, by one thread.
final class Http2LinkBuilder
        extends AbstractHttp2ConnectionHandlerBuilder<Http2Link, Http2LinkBuilder> {
    /// A client that opens streams and resets them at once makes us work for nothing (CVE-2023-44487).
    private static final int MAX_RESETS = 400;

    private static final int MAX_RESETS_SECONDS = 10;

    private final HeadCodec heads;
    private final LinkLimits limits;
    private final MemoryBudget budget;
    private final StreamTarget target;
    private final CarrierEvents events;

    Http2LinkBuilder(
            boolean server,
            HeadCodec heads,
            LinkLimits limits,
            MemoryBudget budget,
            StreamTarget target,
            CarrierEvents events) {
        this.heads = heads;
        this.limits = limits;
        this.budget = budget;
        this.target = target;
        this.events = events;
        Http2Connection connection = new DefaultHttp2Connection(server, 0);
        connection.local().flowController(new ReceiveWindows(connection, limits.refillRatio()));
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(
                                connection, new UniformStreamByteDistributor(connection)));
        connection(connection);
        Http2Settings settings = new Http2Settings();
        settings.initialWindowSize(limits.streamWindowBytes());
        settings.maxHeaderListSize(limits.maxHeaderListBytes());
        if (server) {
            settings.maxConcurrentStreams(limits.maxStreams());
            if (heads.peerIsStranger()) {
                settings.connectProtocolEnabled(true);
            }
        } else {
            settings.pushEnabled(false);
        }
        // Netty limits both directions of both roles by default, and a tunnel has more than that.
        int resets = heads.peerIsStranger() ? MAX_RESETS : 0;
        decoderEnforceMaxRstFramesPerWindow(resets, resets == 0 ? 0 : MAX_RESETS_SECONDS);
        encoderEnforceMaxRstFramesPerWindow(resets, resets == 0 ? 0 : MAX_RESETS_SECONDS);
        headerSensitivityDetector(Http2LinkBuilder::isUnique);
        initialSettings(settings);
        gracefulShutdownTimeoutMillis(0);
    }

    /// A field whose value hardly comes twice: it would only push others out of HPACK's table (RFC 7541,
    /// section 6.2.3, never indexed).
    private static boolean isUnique(CharSequence name, CharSequence value) {
        return switch (name.length()) {
            case 4 -> AsciiString.contentEquals(name, "etag");
            case 5 -> AsciiString.contentEquals(name, ":path");
            case 6 -> AsciiString.contentEquals(name, "cf-ray");
            case 12 -> AsciiString.contentEquals(name, "x-request-id");
            case 14 -> AsciiString.contentEquals(name, "content-length");
            case 31 -> AsciiString.contentEquals(name, "cf-cloudflared-response-headers");
            default -> false;
        };
    }

    /// The target of the client role, where the peer opens nothing.
    static StreamPeer refuseAll(StreamRequest request, StreamPeer caller, EventLoop loop) {
        loop.execute(() -> caller.reset(StreamFault.protocol("a connector may not open streams")));
        return new DeadPeer(caller);
    }

    @Override
    protected Http2Link build() {
        return super.build();
    }

    @Override
    protected Http2Link build(
            Http2ConnectionDecoder decoder,
            Http2ConnectionEncoder encoder,
            Http2Settings settings) {
        return new Http2Link(decoder, encoder, settings, heads, limits, budget, target, events);
    }
}
