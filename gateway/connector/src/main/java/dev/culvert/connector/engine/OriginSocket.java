package dev.culvert.connector.engine;

import dev.culvert.plugin.DialSettings;
import dev.culvert.plugin.Endpoint;
import dev.culvert.transport.Dialer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Promise;

/// A socket to an origin. Stateless.
final class OriginSocket {
    private static final PausedReading PAUSED = new PausedReading();

    private OriginSocket() {}

    /// Nothing is read from it until whoever dialled it has set up its pipeline and its auto-read.
    static Promise<Channel> dial(
            Dialer dialer, Endpoint endpoint, DialSettings settings, EventLoop loop) {
        return dial(dialer, endpoint, settings, loop, PAUSED);
    }

    static Promise<Channel> dial(
            Dialer dialer,
            Endpoint endpoint,
            DialSettings settings,
            EventLoop loop,
            ChannelHandler handler) {
        return switch (endpoint) {
            case Endpoint.Tcp tcp ->
                    dialer.dial(
                            tcp.host(),
                            tcp.port(),
                            settings.connectTimeout(),
                            settings.happyEyeballs(),
                            loop,
                            handler);
            case Endpoint.UnixSocket unix ->
                    dialer.dialUnix(unix.path(), settings.connectTimeout(), loop, handler);
        };
    }
}
