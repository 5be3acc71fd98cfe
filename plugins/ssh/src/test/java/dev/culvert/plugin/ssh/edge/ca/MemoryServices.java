package dev.culvert.plugin.ssh.edge.ca;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an edge gives to the authority: a clock that is set, a store in memory, notes that are kept, and tokens.
final class MemoryServices implements EdgeServices {
    final MemoryStore store = new MemoryStore();
    final List<AuditNote> notes = new ArrayList<>();
    final Map<String, Admitted> byToken = new HashMap<>();
    Instant now = Instant.now();

    /// What the details of a note say under a name.
    static @Nullable Object detail(AuditNote note, String name) {
        for (int i = 0; i < note.details().length; i += 2) {
            if (note.details()[i].equals(name)) {
                return note.details()[i + 1];
            }
        }
        return null;
    }

    @Override
    public InstantSource clock() {
        return () -> now;
    }

    @Override
    public String authOrigin() {
        return "https://auth.example.com";
    }

    @Override
    public MemoryStore store() {
        return store;
    }

    @Override
    public void audit(AuditNote note) {
        notes.add(note);
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) throws RefusedException {
        Admitted admitted = byToken.get(applicationToken);
        if (admitted == null) {
            throw new RefusedException("bad_token", "the token is not good", "sign in again");
        }
        return admitted;
    }

    @Override
    public Recordings recordings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Admitted admit(Person person, String host, String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Person person(UUID session) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Person byPublicKey(byte[] key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void usedPublicKey(byte[] key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Confirmation confirm(String program, String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int listenerPort() {
        return 0;
    }

    void pass(Duration time) {
        now = now.plus(time);
    }
}
