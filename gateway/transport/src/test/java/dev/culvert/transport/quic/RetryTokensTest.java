package dev.culvert.transport.quic;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RetryTokensTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("192.0.2.1", 4433);
    private static final byte[] ID = {1, 2, 3, 4, 5, 6, 7, 8};

    private final AtomicLong seconds = new AtomicLong(-5);
    private final RetryTokens tokens = new RetryTokens(seconds::get);

    private ByteBuf token() {
        ByteBuf token = Unpooled.buffer();
        assertThat(tokens.write(token, Unpooled.wrappedBuffer(ID), PEER)).isTrue();
        return token;
    }

    @Test
    void takesItsOwnTokenAndFindsTheConnectionIdInIt() {
        ByteBuf token = token();
        int at = tokens.validateToken(token, PEER);
        assertThat(at).isPositive();
        byte[] id = new byte[token.readableBytes() - at];
        token.getBytes(at, id);
        assertThat(id).isEqualTo(ID);
        assertThat(token.readableBytes()).isLessThanOrEqualTo(tokens.maxTokenLength());
    }

    @Test
    void refusesATokenFromAnotherAddressOrPort() {
        assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.2", 4433)))
                .isNegative();
        assertThat(tokens.validateToken(token(), new InetSocketAddress("192.0.2.1", 4434)))
                .isNegative();
    }

    @Test
    void refusesATokenOfAnotherProcess() {
        assertThat(new RetryTokens(seconds::get).validateToken(token(), PEER)).isNegative();
    }

    @Test
    void refusesATokenThatIsTooOldOrOfTheFuture() {
        ByteBuf token = token();
        seconds.addAndGet(10);
        assertThat(tokens.validateToken(token, PEER)).isPositive();
        seconds.addAndGet(1);
        assertThat(tokens.validateToken(token, PEER)).isNegative();
        seconds.addAndGet(-12);
        assertThat(tokens.validateToken(token, PEER)).isNegative();
    }

    @Test
    void refusesATokenWithAnyBitAltered() {
        ByteBuf token = token();
        for (int bit = 0; bit < 8 * token.readableBytes(); bit++) {
            ByteBuf altered = token.copy();
            altered.setByte(bit / 8, altered.getByte(bit / 8) ^ 1 << bit % 8);
            assertThat(tokens.validateToken(altered, PEER)).as("bit %d", bit).isNegative();
        }
    }

    @Test
    void refusesATokenOfAnyOtherLength() {
        ByteBuf token = token();
        for (int length = 0; length < token.readableBytes(); length++) {
            assertThat(tokens.validateToken(token.slice(0, length), PEER)).isNegative();
        }
        for (int more : new int[] {1, 20, 1000}) {
            ByteBuf longer = Unpooled.buffer().writeBytes(token.slice()).writeZero(more);
            assertThat(tokens.validateToken(longer, PEER)).isNegative();
        }
    }

    @Test
    void asksForTokensOnlyWhileManyConnectionsCome() {
        for (int second = 0; second < 3; second++) {
            for (int i = 0; i < RetryTokens.FREELY_A_SECOND; i++) {
                assertThat(asked()).isFalse();
            }
            for (int i = 0; i < 1000; i++) {
                assertThat(asked()).isTrue();
            }
            seconds.incrementAndGet();
        }
    }

    private boolean asked() {
        ByteBuf token = Unpooled.buffer();
        boolean asked = tokens.writeToken(token, Unpooled.wrappedBuffer(ID), PEER);
        assertThat(token.isReadable()).isEqualTo(asked);
        return asked;
    }
}
