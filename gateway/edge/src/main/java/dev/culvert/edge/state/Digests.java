package dev.culvert.edge.state;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The one digest used here.
public final class Digests {
    private Digests() {}

    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }
}
