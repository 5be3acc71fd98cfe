package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Secrets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// One browser on its way through signing in: where it was going, and what the way in has to remember.
/// Thread-safe.
public final class Attempt {
    private static final int MAX_NOTES = 32;
    private static final int MAX_NOTE = 4096;

    private final String key;
    private volatile String destination;
    private final String csrf = Secrets.make();
    private volatile Instant validFrom;
    private final Map<String, String> notes = new ConcurrentHashMap<>();

    /// @param key of it in [Attempts]
    Attempt(String key, String destination, Instant begunAt) {
        this.key = key;
        this.destination = destination;
        this.validFrom = begunAt;
    }

    String key() {
        return key;
    }

    /// Path and query on the auth host that the browser goes to when it has signed in.
    String destination() {
        return destination;
    }

    /// The browser goes there instead.
    void leadTo(String path) {
        destination = path;
    }

    /// What was proven in this attempt was proven after this moment.
    Instant validFrom() {
        return validFrom;
    }

    /// Somebody begins anew in it, with an account that they have just changed themselves.
    void renew(Instant now) {
        validFrom = now;
    }

    /// What forms of this attempt show in their field `csrf`, and scripts in `X-Csrf`.
    public String csrf() {
        return csrf;
    }

    public @Nullable String get(String key) {
        return notes.get(key);
    }

    /// Takes a note away, so that only one request gets it.
    public @Nullable String take(String key) {
        return notes.remove(key);
    }

    /// @throws IllegalArgumentException for a note longer than 4096 characters
    public void put(String key, String value) {
        if (value.length() > MAX_NOTE || notes.size() >= MAX_NOTES) {
            throw new IllegalArgumentException("too much to remember of one sign-in: " + key);
        }
        notes.put(key, value);
    }
}
