package dev.culvert.protocols.box;

import dev.culvert.protocols.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.bouncycastle.crypto.engines.Salsa20Engine;

/// NaCl's `box`: a [SecretBox] under the key that two key pairs share. Either side computes the same, so what
/// one has sealed both can open.
///
/// Immutable.
final class Box {
    private static final int ROUNDS = 20;
    private static final byte[] SIGMA = "expand 32-byte k".getBytes(StandardCharsets.US_ASCII);

    private Box() {}

    /// @throws ProtocolException for a public key of small order
    static SecretBox between(byte[] secret, byte[] publicKey) throws ProtocolException {
        return new SecretBox(hsalsa20(Curve25519.multiply(secret, publicKey)));
    }

    /// HSalsa20 with an input of zeros: Salsa20's rounds without the sum at their end, of which eight words are
    /// kept. The library adds the sum; it is taken off again.
    static byte[] hsalsa20(byte[] key) {
        ByteBuffer words = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer sigma = ByteBuffer.wrap(SIGMA).order(ByteOrder.LITTLE_ENDIAN);
        int[] in = new int[16];
        for (int i = 0; i < 4; i++) {
            in[5 * i] = sigma.getInt(4 * i);
            in[1 + i] = words.getInt(4 * i);
            in[11 + i] = words.getInt(16 + 4 * i);
        }
        int[] sum = new int[16];
        Salsa20Engine.salsaCore(ROUNDS, in, sum);
        ByteBuffer out = ByteBuffer.allocate(SecretBox.KEY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i : new int[] {0, 5, 10, 15, 6, 7, 8, 9}) {
            out.putInt(sum[i] - in[i]);
        }
        return out.array();
    }
}
