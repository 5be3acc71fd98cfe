package dev.culvert.connector.engine;

import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;

/// A socket to an origin. Nothing is read from it until whoever dialled it has set up its pipeline and
/// its auto-read, or the origin's first bytes would be lost. Stateless.
final class OriginSocket {
    private static final ChannelInitializer<Channel> PAUSED =
            new ChannelInitializer<>() {
                @Override
                protected void initChannel(Channel channel) {
                    channel.config().setAutoRead(false);
                }
            };

    private OriginSocket() {}

    static Promise<Channel> dial(
            Dialer dialer, Endpoint endpoint, DialSettings settings, EventLoop loop) {
        return switch (endpoint) {
            case Endpoint.Tcp tcp ->
                    dialer.dial(
                            tcp.host(),
                            tcp.port(),
                            settings.connectTimeout(),
                            settings.happyEyeballs(),
                            loop,
                            PAUSED);
            case Endpoint.UnixSocket unix ->
                    dialer.dialUnix(unix.path(), settings.connectTimeout(), loop, PAUSED);
        };
    }
}
