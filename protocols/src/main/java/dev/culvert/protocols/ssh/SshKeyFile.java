package dev.culvert.protocols.ssh;

import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.util.Arrays;
import java.util.Base64;

/// Private keys as files of OpenSSH (PROTOCOL.key), without a passphrase. Stateless.
public final class SshKeyFile {
    private static final byte[] MAGIC = "openssh-key-v1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int BLOCK = 8;
    private static final int LINE = 70;

    private SshKeyFile() {}

    /// @param pair of the JDK: Ed25519, or P-256, P-384, P-521
    /// @param check a random number that is written twice
    /// @return text of the file, secret
    public static String format(KeyPair pair, int check) {
        SshPublicKey key = SshPublicKey.of(pair.getPublic());
        SshEncoder secret = new SshEncoder().uint32(check).uint32(check);
        secret.raw(key.bytes());
        switch (pair.getPrivate()) {
            case EdECPrivateKey ed -> secret.string(ed25519(ed, key));
            case ECPrivateKey ec -> secret.mpint(ec.getS());
            default ->
                    throw new IllegalArgumentException(
                            "not a key for SSH: " + pair.getPrivate().getAlgorithm());
        }
        secret.string("");
        for (int pad = 1; secret.size() % BLOCK != 0; pad++) {
            secret.raw(new byte[] {(byte) pad});
        }
        byte[] file =
                new SshEncoder()
                        .raw(MAGIC)
                        .string("none")
                        .string("none")
                        .string("")
                        .uint32(1)
                        .string(key.bytes())
                        .string(secret.toBytes())
                        .toBytes();
        return "-----BEGIN OPENSSH PRIVATE KEY-----\n"
                + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(file)
                + "\n-----END OPENSSH PRIVATE KEY-----\n";
    }

    /// Seed and public key, as OpenSSH has it.
    private static byte[] ed25519(EdECPrivateKey key, SshPublicKey open) {
        byte[] seed = key.getBytes().orElseThrow();
        byte[] fields = open.fields();
        byte[] both = Arrays.copyOf(seed, 2 * seed.length);
        System.arraycopy(fields, fields.length - seed.length, both, seed.length, seed.length);
        return both;
    }
}
