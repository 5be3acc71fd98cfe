package dev.culvert.plugin.desktop.session;

import java.util.Arrays;

/// Who signs in to the host. Holds a secret until it is closed. Thread-safe.
public final class Login implements AutoCloseable {
    public static final int MAX_USER = 256;
    public static final int MAX_PASSWORD = 512;

    private final String user;
    private final String domain;
    private final char[] password;
    private final boolean stored;

    /// @param user empty when the host asks, or needs none
    /// @param domain empty for none
    /// @param password copied
    /// @param stored whether the application's owner gave it, and its user never sees it
    public Login(String user, String domain, char[] password, boolean stored) {
        this.user = user;
        this.domain = domain;
        this.password = password.clone();
        this.stored = stored;
    }

    public String user() {
        return user;
    }

    public String domain() {
        return domain;
    }

    /// A copy, the caller's to clear.
    public synchronized char[] password() {
        return password.clone();
    }

    public boolean isStored() {
        return stored;
    }

    /// The same, for somebody who closes it on their own.
    public Login copy() {
        return new Login(user, domain, password(), stored);
    }

    /// Forgets the password.
    @Override
    public synchronized void close() {
        Arrays.fill(password, '\0');
    }

    @Override
    public String toString() {
        return "Login[" + user + "]";
    }
}
