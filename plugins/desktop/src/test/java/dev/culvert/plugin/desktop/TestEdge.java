package dev.culvert.plugin.desktop;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.testkit.edge.MemoryStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What the edge gives, in memory: the notes of the audit log and the sessions that are shown are kept for the test.
public class TestEdge implements EdgeServices {
    public final List<AuditNote> notes = new CopyOnWriteArrayList<>();
    public final List<LiveSession> shown = new CopyOnWriteArrayList<>();
    public final MemoryStore store = new MemoryStore();
    public volatile Instant now = Instant.parse("2026-11-29T12:00:00Z");
    public volatile @Nullable GuacdSettings guacd;

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
    public Recordings recordings() {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable GuacdSettings guacd() {
        return guacd;
    }

    @Override
    public Shown show(LiveSession session) {
        shown.add(session);
        return () -> shown.remove(session);
    }

    @Override
    public void audit(AuditNote note) {
        notes.add(note);
    }

    public List<String> outcomes() {
        return notes.stream().map(AuditNote::outcome).toList();
    }

    @Override
    public Admitted admit(Person person, String host, String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Person person(UUID session) {
        return null;
    }

    @Override
    public @Nullable Person byPublicKey(byte[] key) {
        return null;
    }

    @Override
    public void usedPublicKey(byte[] key) {}

    @Override
    public Confirmation confirm(String program, String address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int listenerPort() {
        return 0;
    }
}
