package dev.culvert.transport.http2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ReceiveWindowsTest {
    private final DefaultHttp2Connection connection = new DefaultHttp2Connection(false);
    private final ReceiveWindows windows = new ReceiveWindows(connection, 0.5f);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelDuplexHandler());
    private Http2Stream stream;

    @BeforeEach
    void shrinkBelowWhatWasReceived() throws Http2Exception {
        connection.local().flowController(windows);
        windows.frameWriter(new DefaultHttp2FrameWriter());
        windows.channelHandlerContext(channel.pipeline().firstContext());
        stream = connection.local().createStream(1, false);
        ByteBuf received = Unpooled.wrappedBuffer(new byte[60_000]);
        windows.receiveFlowControlledFrame(stream, received, 0, false);
        // Twice: Netty allows a negative window down to the last step only.
        windows.initialWindowSize(1000);
        windows.initialWindowSize(900);
        assertThat(windows.windowSize(stream)).isNegative();
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void takesAnEmptyEndBelowZero() throws Http2Exception {
        windows.receiveFlowControlledFrame(stream, Unpooled.EMPTY_BUFFER, 0, true);
        assertThat(windows.windowSize(stream)).isEqualTo(900 - 60_000);
    }

    @Test
    void rejectsBytesBelowZero() {
        ByteBuf one = Unpooled.wrappedBuffer(new byte[1]);
        assertThatThrownBy(() -> windows.receiveFlowControlledFrame(stream, one, 0, false))
                .isInstanceOf(Http2Exception.class);
    }
}
