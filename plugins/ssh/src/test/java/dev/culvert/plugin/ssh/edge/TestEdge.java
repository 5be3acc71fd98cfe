package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.testkit.edge.MemoryStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// What the edge gives, in memory: notes of the audit log and recordings are kept for the test.
public class TestEdge implements EdgeServices {
    public final List<AuditNote> notes = new CopyOnWriteArrayList<>();
    public final List<TestRecorder> recorders = new CopyOnWriteArrayList<>();
    public volatile boolean recordsNothing;
    public final MemoryStore store = new MemoryStore();

    @Override
    public InstantSource clock() {
        return InstantSource.system();
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
        return new Recordings() {
            @Override
            public Recorder begin(Subject subject, Recorder.Mode mode) throws RefusedException {
                return record(subject, mode);
            }

            @Override
            public DesktopRecorder beginDesktop(Subject subject, Recorder.Mode mode) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public @Nullable GuacdSettings guacd() {
        return null;
    }

    @Override
    public Shown show(LiveSession session) {
        return () -> {};
    }

    private Recorder record(Recordings.Subject subject, Recorder.Mode mode)
            throws RefusedException {
        if (recordsNothing && mode == Recorder.Mode.REQUIRED) {
            throw new RefusedException("recording_failed", "The disk is full.", "Empty it.");
        }
        TestRecorder recorder = new TestRecorder(subject, mode);
        recorders.add(recorder);
        return recorder;
    }

    @Override
    public void audit(AuditNote note) {
        notes.add(note);
    }

    public List<String> outcomes() {
        List<String> outcomes = new ArrayList<>();
        notes.forEach(note -> outcomes.add(note.outcome()));
        return outcomes;
    }

    /// Of a note, by name.
    public static Object detail(AuditNote note, String name) {
        for (int i = 0; i < note.details().length; i += 2) {
            if (note.details()[i].equals(name)) {
                return note.details()[i + 1];
            }
        }
        throw new AssertionError("no " + name + " in " + List.of(note.details()));
    }

    @Override
    public Admitted admit(Person person, String host, String address) throws RefusedException {
        throw new UnsupportedOperationException();
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) throws RefusedException {
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
