package dev.culvert.transport.quic;

import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.configuration.ConfigurationBody;
import dev.culvert.protocols.configuration.ConfigurationServer;
import dev.culvert.protocols.configuration.UpdateConfiguration;
import dev.culvert.protocols.stream.HeaderList;
import dev.culvert.protocols.stream.StreamKind;
import dev.culvert.protocols.stream.StreamRequest;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An RPC stream at the connector: each updateConfiguration becomes a stream of kind CONFIGURATION, as HTTP/2
/// has it, and its answer the call's.
///
/// Confined to its connection's event loop.
final class ConfigurationServed extends ChannelInboundHandlerAdapter
        implements ConfigurationServer.Calls {
    private static final Logger log = LoggerFactory.getLogger(ConfigurationServed.class);

    /// Bytes of an answer.
    private static final int MAX_ANSWER = 64 * 1024;

    private final QuicLink link;
    private final ConfigurationServer server = new ConfigurationServer(this::send, this);
    private @Nullable QuicStreamChannel channel;

    /// Whether an update has no answer yet.
    private boolean waiting;

    private boolean finReceived;

    ConfigurationServed(QuicLink link) {
        this.link = link;
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

    void receive(ByteBuf bytes) {
        try {
            server.receive(bytes.nioBuffer());
        } catch (ProtocolException e) {
            log.debug("configuration RPC broken reason={}", e.getMessage());
            end();
        } finally {
            bytes.release();
        }
    }

    private void end() {
        channel().shutdown(0, channel().newPromise());
        letGo();
    }

    private void letGo() {
        StreamRelease.release(channel());
        link.left(this);
    }

    /// FIN. The edge may have stopped reading: then Netty would wait for ever for ours to be sent.
    private void finish() {
        channel().shutdownOutput();
        letGo();
    }

    @Override
    public void update(UpdateConfiguration update) {
        ByteBuf body = Unpooled.wrappedBuffer(ConfigurationBody.encode(update));
        StreamRequest request =
                new StreamRequest(
                        StreamKind.CONFIGURATION, "PUT", "culvert", "/", new HeaderList(0), false);
        waiting = true;
        Answer answer = new Answer();
        StreamPeer peer = link.target().open(request, answer, link.loop());
        answer.peer = peer;
        peer.data(body, true);
    }

    @Override
    public void ended() {
        finish();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            receive(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            finReceived = true;
            if (!waiting) {
                finish();
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        end();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        link.left(this);
    }

    /// Collects `{"lastAppliedVersion":N,"err":null or anything}`.
    private final class Answer implements StreamPeer {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private @Nullable StreamPeer peer;
        private boolean answered;

        private void answer(int version, String error) {
            if (!answered) {
                answered = true;
                waiting = false;
                server.updated(new UpdateConfiguration.Result(version, error));
                if (finReceived) {
                    finish();
                }
            }
        }

        @Override
        public void response(StreamResponse response, boolean end) {
            if (response.status() != 200 || response.failure() != null) {
                answer(-1, "the connector did not take it: status " + response.status());
            } else if (end) {
                answer(-1, "the connector gave no answer");
            }
        }

        @Override
        public void data(ByteBuf bytes, boolean end) {
            int size = bytes.readableBytes();
            byte[] piece = new byte[Math.min(size, MAX_ANSWER - body.size())];
            bytes.readBytes(piece);
            bytes.release();
            body.writeBytes(piece);
            if (peer != null && size > 0) {
                peer.credit(size);
            }
            if (end) {
                read();
            }
        }

        private void read() {
            try {
                UpdateConfiguration.Result result =
                        ConfigurationBody.decodeResult(body.toByteArray());
                answer(result.version(), result.error());
            } catch (ProtocolException e) {
                answer(-1, String.valueOf(e.getMessage()));
            }
        }

        @Override
        public void trailers(HeaderList trailers) {
            read();
        }

        @Override
        public void reset(StreamFault fault) {
            answer(-1, fault.detail());
        }

        @Override
        public void credit(int bytes) {}
    }
}
