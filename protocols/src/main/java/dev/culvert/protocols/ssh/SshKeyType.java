package dev.culvert.protocols.ssh;

import org.jspecify.annotations.Nullable;

/// Kinds of public keys that a certificate may be for.
public enum SshKeyType {
    ED25519("ssh-ed25519", 1),
    ECDSA_256("ecdsa-sha2-nistp256", 2),
    ECDSA_384("ecdsa-sha2-nistp384", 2),
    ECDSA_521("ecdsa-sha2-nistp521", 2),
    RSA("ssh-rsa", 2),
    SK_ED25519("sk-ssh-ed25519@openssh.com", 2),
    SK_ECDSA_256("sk-ecdsa-sha2-nistp256@openssh.com", 3);

    private static final String CERTIFICATE = "-cert-v01@openssh.com";

    private final String word;
    private final int fields;

    SshKeyType(String word, int fields) {
        this.word = word;
        this.fields = fields;
    }

    public static @Nullable SshKeyType of(String word) {
        for (SshKeyType type : values()) {
            if (type.word.equals(word)) {
                return type;
            }
        }
        return null;
    }

    static @Nullable SshKeyType ofCertificate(String word) {
        for (SshKeyType type : values()) {
            if (type.certificateWord().equals(word)) {
                return type;
            }
        }
        return null;
    }

    /// As in `authorized_keys`.
    public String word() {
        return word;
    }

    /// Of a certificate for such a key.
    public String certificateWord() {
        return word.replace("@openssh.com", "") + CERTIFICATE;
    }

    /// How many strings the key has after its type.
    int fields() {
        return fields;
    }
}
