package dev.culvert.transport.quic;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.quic.Quic;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens of Retry packets (RFC 9000, section 8.1.2): proof that a peer receives what is sent to the address
/// it sends from. They cost it a round trip, so they are asked for only while many new connections come in:
/// more than [#FREELY_A_SECOND] within a second.
///
/// ```
/// token = seconds (8) | HMAC-SHA-256 of address, port, seconds, id (16) | original connection id
/// ```
///
/// Thread-safe.
final class RetryTokens implements QuicTokenHandler {
    static final int FREELY_A_SECOND = 200;
    private static final int VALID_SECONDS = 10;
    private static final int MAC_BYTES = 16;
    private static final int PREFIX = 8 + MAC_BYTES;

    private final SecretKeySpec key;
    private final AtomicLong window = new AtomicLong();
    private final LongSupplier seconds;

    RetryTokens() {
        this(() -> System.nanoTime() / 1_000_000_000L);
    }

    /// @param seconds of a clock that only goes forward
    RetryTokens(LongSupplier seconds) {
        this.seconds = seconds;
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        key = new SecretKeySpec(secret, "HmacSHA256");
    }

    /// Counts one more connection of this second: its number, from 1.
    private long count() {
        long second = seconds.getAsLong() & 0xffff_ffffL;
        return window.updateAndGet(old -> old >>> 32 == second ? old + 1 : second << 32 | 1)
                & 0xffff_ffffL;
    }

    @Override
    public boolean writeToken(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        return count() > FREELY_A_SECOND && write(out, dcid, address);
    }

    /// Writes a token.
    boolean write(ByteBuf out, ByteBuf dcid, InetSocketAddress address) {
        byte[] id = new byte[dcid.readableBytes()];
        dcid.getBytes(dcid.readerIndex(), id);
        long now = seconds.getAsLong();
        out.writeLong(now).writeBytes(mac(address, now, id)).writeBytes(id);
        return true;
    }

    @Override
    public int validateToken(ByteBuf token, InetSocketAddress address) {
        int idLength = token.readableBytes() - PREFIX;
        if (idLength < 0 || idLength > Quic.MAX_CONN_ID_LEN) {
            return -1;
        }
        int at = token.readerIndex();
        long made = token.getLong(at);
        byte[] mac = new byte[MAC_BYTES];
        token.getBytes(at + 8, mac);
        byte[] id = new byte[idLength];
        token.getBytes(at + PREFIX, id);
        long age = seconds.getAsLong() - made;
        boolean valid =
                MessageDigest.isEqual(mac, mac(address, made, id))
                        && age >= 0
                        && age <= VALID_SECONDS;
        return valid ? PREFIX : -1;
    }

    @Override
    public int maxTokenLength() {
        return PREFIX + Quic.MAX_CONN_ID_LEN;
    }

    private byte[] mac(InetSocketAddress address, long made, byte[] id) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            mac.update(address.getAddress().getAddress());
            mac.update(ByteBuffer.allocate(12).putInt(address.getPort()).putLong(made).array());
            byte[] whole = mac.doFinal(id);
            return Arrays.copyOf(whole, MAC_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }
}
