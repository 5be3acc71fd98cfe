package dev.culvert.protocols.ssh;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;

/// The curves of RFC 5656 that OpenSSH has. Points are written uncompressed (SEC 1, section 2.3.3).
enum Curve {
    NISTP256("nistp256", "secp256r1"),
    NISTP384("nistp384", "secp384r1"),
    NISTP521("nistp521", "secp521r1");

    private static final byte UNCOMPRESSED = 4;

    private final String word;
    private final ECParameterSpec parameters;

    Curve(String word, String standardName) {
        this.word = word;
        try {
            AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
            named.init(new ECGenParameterSpec(standardName));
            this.parameters = named.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(standardName + " is part of every JDK", e);
        }
    }

    String word() {
        return word;
    }

    byte[] encode(ECPoint point) {
        int size = coordinateBytes();
        byte[] encoded = new byte[1 + 2 * size];
        encoded[0] = UNCOMPRESSED;
        put(point.getAffineX(), encoded, 1, size);
        put(point.getAffineY(), encoded, 1 + size, size);
        return encoded;
    }

    private static void put(BigInteger value, byte[] into, int at, int size) {
        byte[] bytes = value.toByteArray();
        int from = Math.max(0, bytes.length - size);
        int length = bytes.length - from;
        System.arraycopy(bytes, from, into, at + size - length, length);
    }

    /// Whether the bytes are a point of the curve.
    boolean has(byte[] encoded) {
        int size = coordinateBytes();
        if (encoded.length != 1 + 2 * size || encoded[0] != UNCOMPRESSED) {
            return false;
        }
        BigInteger p = ((ECFieldFp) parameters.getCurve().getField()).getP();
        BigInteger x = new BigInteger(1, Arrays.copyOfRange(encoded, 1, 1 + size));
        BigInteger y = new BigInteger(1, Arrays.copyOfRange(encoded, 1 + size, encoded.length));
        BigInteger right =
                x.pow(3)
                        .add(parameters.getCurve().getA().multiply(x))
                        .add(parameters.getCurve().getB())
                        .mod(p);
        return x.compareTo(p) < 0 && y.compareTo(p) < 0 && y.pow(2).mod(p).equals(right);
    }

    private int coordinateBytes() {
        return (parameters.getCurve().getField().getFieldSize() + 7) / 8;
    }
}
