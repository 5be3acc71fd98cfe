package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What an edge gives: guacd's place and recordings in memory.
final class TestServices implements EdgeServices {
    final TestTape tape = new TestTape();
    volatile boolean recordsNothing;
    private final @Nullable GuacdSettings guacd;

    TestServices(@Nullable GuacdSettings guacd) {
        this.guacd = guacd;
    }

    static GuacdSettings at(int port) {
        return new GuacdSettings("127.0.0.1", port, false, null, null, "/drive");
    }

    @Override
    public @Nullable GuacdSettings guacd() {
        return guacd;
    }

    @Override
    public Recordings recordings() {
        return new Recordings() {
            @Override
            public Recorder begin(Subject subject, Recorder.Mode mode) {
                throw new AssertionError("no terminal here");
            }

            @Override
            public DesktopRecorder beginDesktop(Subject subject, Recorder.Mode mode)
                    throws RefusedException {
                if (recordsNothing) {
                    throw new RefusedException(
                            "recording_failed", "The disk is full.", "Empty it.");
                }
                return tape;
            }
        };
    }

    @Override
    public InstantSource clock() {
        return InstantSource.system();
    }

    @Override
    public String authOrigin() {
        return "https://auth.example.com";
    }

    @Override
    public PluginStore store() {
        throw new AssertionError("nothing is kept");
    }

    @Override
    public Shown show(LiveSession session) {
        return () -> {};
    }

    @Override
    public void audit(AuditNote note) {}

    @Override
    public Admitted admit(Person person, String host, String address) {
        throw new AssertionError("already admitted");
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) {
        throw new AssertionError("already admitted");
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
        throw new AssertionError("nobody is asked");
    }

    @Override
    public int listenerPort() {
        return 0;
    }
}
