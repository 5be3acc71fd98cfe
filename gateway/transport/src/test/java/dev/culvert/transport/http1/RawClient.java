package dev.culvert.transport.http1;

import dev.culvert.protocols.stream.StreamRequest;
import dev.culvert.transport.EventLoops;
import dev.culvert.transport.StreamPeer;
import dev.culvert.transport.StreamTarget;
import dev.culvert.transport.testing.SideTarget;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// An [Http1Front] on a socket, and a client of it that speaks in bytes. Used by one thread.
final class RawClient implements AutoCloseable {
    private final EventLoops loops = new EventLoops("front", 1);
    private final Channel listener;
    final SideTarget target = new SideTarget();
    Socket socket;

    /// Takes the requests instead of `target` when set.
    volatile @Nullable StreamTarget served;

    RawClient(Http1Limits limits) throws Exception {
        listener =
                new ServerBootstrap()
                        .group(loops.group())
                        .channel(loops.listenerType())
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        Http1Front.addTo(
                                                channel.pipeline(), RawClient.this::open, limits);
                                    }
                                })
                        .bind("127.0.0.1", 0)
                        .sync()
                        .channel();
        connect();
    }

    private StreamPeer open(StreamRequest request, StreamPeer caller, EventLoop loop) {
        StreamTarget instead = served;
        return (instead == null ? target : instead).open(request, caller, loop);
    }

    /// A new connection; the one before is closed.
    void connect() throws IOException {
        if (socket != null) {
            socket.close();
        }
        socket = new Socket("127.0.0.1", ((InetSocketAddress) listener.localAddress()).getPort());
        socket.setSoTimeout(30_000);
    }

    RawClient write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /// Reads until the text ends so.
    String readUntil(String end) throws IOException {
        StringBuilder text = new StringBuilder();
        while (text.indexOf(end, Math.max(0, text.length() - end.length())) < 0) {
            int b = socket.getInputStream().read();
            if (b < 0) {
                throw new AssertionError("ended at: " + text);
            }
            text.append((char) b);
        }
        return text.toString();
    }

    String readHead() throws IOException {
        return readUntil("\r\n\r\n");
    }

    String readToEnd() throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws Exception {
        socket.close();
        listener.close().sync();
        loops.close();
    }
}
