package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.configuration.ConfigurationBody;
import dev.culvert.protocols.configuration.ConfigurationClient;
import dev.culvert.protocols.configuration.UpdateConfiguration;
import dev.culvert.protocols.quic.Preamble;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamResponse;
import dev.culvert.transport.StreamFault;
import dev.culvert.transport.StreamPeer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.handler.codec.quic.StreamRelease;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/// A stream of kind CONFIGURATION at the edge: its body becomes a call of updateConfiguration, the call's
/// result its answer.
///
/// Confined to its connection's event loop.
final class ConfigurationAsked extends ChannelInboundHandlerAdapter {
    private final QuicLink link;
    private final StreamPeer caller;
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final ConfigurationClient client =
            new ConfigurationClient(this::send, this::answered, this::failed);
    private @Nullable QuicStreamChannel channel;
    private boolean over;

    ConfigurationAsked(QuicLink link, StreamPeer caller) {
        this.link = link;
        this.caller = caller;
    }

    /// Where the caller puts its body.
    StreamPeer peer() {
        return new Body();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        channel = (QuicStreamChannel) ctx.channel();
        link.joined(this);
    }

    private QuicStreamChannel channel() {
        QuicStreamChannel known = channel;
        if (known == null) {
            throw new IllegalStateException("not yet part of a channel");
        }
        return known;
    }

    private void send(byte[] bytes) {
        if (channel().isActive()) {
            channel().write(Unpooled.wrappedBuffer(bytes));
        }
    }

    private void ask() {
        try {
            UpdateConfiguration update = ConfigurationBody.decode(body.toByteArray());
            send(Preamble.RPC.bytes());
            client.update(update);
        } catch (ProtocolException e) {
            fail(StreamFault.protocol(String.valueOf(e.getMessage())));
        }
    }

    private void answered(UpdateConfiguration.Result result) {
        if (over) {
            return;
        }
        over = true;
        caller.response(StreamResponse.of(200, new HeaderList(0)), false);
        caller.data(Unpooled.wrappedBuffer(ConfigurationBody.encode(result)), true);
        client.close();
        end();
    }

    private void failed(String reason) {
        fail(StreamFault.protocol(reason));
    }

    private void fail(StreamFault fault) {
        if (!over) {
            over = true;
            caller.reset(fault);
            end();
        }
    }

    private void end() {
        channel().shutdownOutput();
        channel().shutdownInput(0);
        StreamRelease.release(channel());
        link.left(this);
    }

    void closed() {
        fail(StreamFault.connectionLost("the tunnel connection was lost"));
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || over) {
            ReferenceCountUtil.release(message);
            return;
        }
        try {
            client.receive(bytes.nioBuffer());
        } catch (ProtocolException e) {
            failed(String.valueOf(e.getMessage()));
        } finally {
            bytes.release();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            failed("the connector ended the call without an answer");
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed("the connector broke the call off");
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed();
        link.left(this);
    }

    private final class Body implements StreamPeer {
        @Override
        public void response(StreamResponse response, boolean end) {
            throw new IllegalStateException("the edge asks, it does not answer");
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            int size = bytes.readableBytes();
            byte[] piece = new byte[size];
            bytes.readBytes(piece);
            bytes.release();
            link.loop().execute(() -> caller.credit(size));
            if (over) {
                return;
            }
            if (body.size() + size > ConfigurationBody.MAX_BYTES) {
                fail(StreamFault.protocol("the configuration is too long"));
                return;
            }
            body.writeBytes(piece);
            if (end) {
                ask();
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            ask();
        }

        @Override
        public void reset(StreamFault fault) {
            if (!over) {
                over = true;
                end();
            }
        }

        @Override
        public void credit(int bytes) {}
    }
}
