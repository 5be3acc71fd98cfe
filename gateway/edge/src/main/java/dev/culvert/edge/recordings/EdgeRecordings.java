package dev.culvert.edge.recordings;

import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.plugins.PluginValues;
import dev.culvert.edge.state.State;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recorder.Mode;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.recording.Archive;
import dev.culvert.recording.Completed;
import dev.culvert.recording.Format;
import dev.culvert.recording.LiveRecording;
import dev.culvert.recording.PublicKey;
import dev.culvert.recording.RecordingFiles;
import dev.culvert.recording.RecordingId;
import dev.culvert.recording.SessionRecordings;
import dev.culvert.recording.SigningKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The recordings of an edge. Its key and where its recordings are stand in the state, so that commands find
/// both while no edge runs.
///
/// The audit log has the length and the last hash of each recording: whoever takes away its end would have
/// to change both.
///
/// Thread-safe. Nothing waits for the recordings' disk longer than it says.
public final class EdgeRecordings implements Recordings, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(EdgeRecordings.class);
    private static final Duration PRUNED_EACH = Duration.ofHours(1);
    private static final String STORE = "recordings";
    private static final String PLACE = "place";
    private static final String DIRECTORY = "directory";

    /// Of all recordings that a disk does not take, besides 1 MiB of each: an eighth of the heap.
    private static final long MEMORY = Math.max(16L << 20, Runtime.getRuntime().maxMemory() / 8);

    private final PluginStore store;
    private final Archive archive;
    private final @Nullable SessionRecordings made;
    private final Duration keep;
    private final InstantSource clock;

    /// The maintaining thread's.
    private Instant nextPruning = Instant.EPOCH;

    private EdgeRecordings(
            PluginStore store,
            Archive archive,
            @Nullable SessionRecordings made,
            Duration keep,
            InstantSource clock) {
        this.store = store;
        this.archive = archive;
        this.made = made;
        this.keep = keep;
        this.clock = clock;
    }

    /// Those of an edge that runs. Does not touch the recordings' disk.
    ///
    /// @param directory the state directory
    public static EdgeRecordings open(
            RecordingsConfig config,
            State state,
            Path directory,
            AuditLog audit,
            InstantSource clock)
            throws StateException {
        PluginStore store = store(state, clock);
        Path place = config.directory(directory);
        try {
            store.put(PLACE, DIRECTORY, place.toString().getBytes(StandardCharsets.UTF_8), false);
            SessionRecordings made =
                    new SessionRecordings(
                            new RecordingFiles(place), SigningKey.of(store), clock, MEMORY);
            made.onComplete(what -> audit.record(event(what)));
            return new EdgeRecordings(store, made.archive(), made, config.keep(), clock);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static AuditEvent event(Completed what) {
        return AuditEvent.of(kind(what.about().format()), what.about().who(), "recorded")
                .application(what.about().application(), what.about().host())
                .from(what.about().address(), null)
                .request(what.about().requestId())
                .detail(
                        "recording",
                        what.about().id().text(),
                        "records",
                        what.records(),
                        "chain",
                        what.chain(),
                        "gaps",
                        what.gaps())
                .build();
    }

    private static AuditEvent.Kind kind(Format format) {
        return switch (format) {
            case CAST -> AuditEvent.Kind.SSH;
            case GUAC -> AuditEvent.Kind.DESKTOP;
        };
    }

    /// Those of a state that no edge has open.
    ///
    /// @param directory the state directory
    public static EdgeRecordings ofState(State state, Path directory, InstantSource clock)
            throws StateException {
        PluginStore store = store(state, clock);
        try {
            Path place =
                    store.get(PLACE, DIRECTORY)
                            .map(text -> Path.of(new String(text, StandardCharsets.UTF_8)))
                            .orElse(RecordingsConfig.DEFAULT.directory(directory));
            return new EdgeRecordings(
                    store, Archive.of(new RecordingFiles(place)), null, Duration.ZERO, clock);
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static PluginStore store(State state, InstantSource clock) {
        return new PluginValues(state.database(), state.secrets(), STORE, clock);
    }

    private static StateException failed(IOException cause) {
        return cause.getCause() instanceof StateException known
                ? known
                : new StateException(
                        StateException.Code.STORAGE,
                        String.valueOf(cause.getMessage()),
                        "restore the state from a backup",
                        cause);
    }

    @Override
    public Recorder begin(Subject subject, Mode mode) throws RefusedException {
        if (made == null) {
            throw new IllegalStateException("no edge runs");
        }
        return made.begin(subject, mode);
    }

    @Override
    public DesktopRecorder beginDesktop(Subject subject, Mode mode) throws RefusedException {
        if (made == null) {
            throw new IllegalStateException("no edge runs");
        }
        return made.beginDesktop(subject, mode);
    }

    /// Recordings on the disk, also those that are made right now.
    public Archive archive() {
        return archive;
    }

    /// Those that are made right now, the newest first.
    public List<LiveRecording> live() {
        return made == null ? List.of() : made.live();
    }

    public Optional<LiveRecording> live(RecordingId id) {
        return made == null ? Optional.empty() : made.live(id);
    }

    /// What recordings are checked with. Made when there is none yet. Blocking.
    public PublicKey key() throws StateException {
        try {
            return SigningKey.of(store).publicKey();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Forgets recordings that are old enough, once an hour. To be called each minute. Waits for no disk.
    public void maintain() {
        Instant now = clock.instant();
        if (now.isBefore(nextPruning)) {
            return;
        }
        nextPruning = now.plus(PRUNED_EACH);
        Thread.ofVirtual().name("recordings-prune").start(this::prune);
    }

    private void prune() {
        try {
            int deleted = archive.prune(clock.instant(), keep);
            if (deleted > 0) {
                log.info("Old recordings deleted count={} keep={}d", deleted, keep.toDays());
            }
        } catch (IOException e) {
            log.warn("Old recordings cannot be deleted reason={}", e.toString());
        }
    }

    /// Completes every recording that is made. Idempotent. Blocking, at most 5 s.
    @Override
    public void close() {
        if (made != null) {
            made.close();
        }
    }
}
