package dev.culvert.recording;

import dev.culvert.plugin.edge.Recorder.Mode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One recording while it is made, of whatever: what it is given is for subclasses, which do nothing else.
///
/// # Threads
///
/// Whoever records gives to the backlog. The disk's writing thread takes from there ([#write]), one of its
/// sealing threads signs ([#seal]), and the watch, which waits for no disk, looks how old the oldest thing is
/// that is not sealed ([#watch]). They meet in volatile fields and in the backlog's and the file's own locks, none of which is
/// held while a disk is waited for.
abstract class SessionRecorder {
    private static final Logger log = LoggerFactory.getLogger(SessionRecorder.class);

    /// Together with the watch's turn: 5 s.
    static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(4500);

    /// Written at a time, so that each recording has its turn.
    private static final int TURN_BYTES = 256 * 1024;

    private static final long SEALED_EACH_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long TRIED_EACH_NANOS = TimeUnit.SECONDS.toNanos(1);

    /// How long a recording of best effort that is over may wait for its disk.
    private static final long GIVEN_UP_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final About about;
    private final Path path;
    private final RecordingDisk disk;
    private final SigningKey key;
    private final Backlog backlog;
    private final RecordEncoder encoder;
    private final OnceNotice failed = new OnceNotice();
    private final OnceNotice ending = new OnceNotice();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final AtomicBoolean isScheduled = new AtomicBoolean();
    private final AtomicBoolean isSealing = new AtomicBoolean();
    private final long began = System.nanoTime();
    private final Growth growth = new Growth();

    private volatile @Nullable SignedFiles file;
    private volatile boolean failing;
    private volatile boolean over;
    private volatile long closedNanos = -1;
    private volatile long sealedNanos = -SEALED_EACH_NANOS;
    private volatile long triedNanos;

    /// @param encoder holds the first record of the data file
    SessionRecorder(
            About about,
            Path path,
            RecordingDisk disk,
            SigningKey key,
            Memory memory,
            RecordEncoder encoder) {
        this.about = about;
        this.path = path;
        this.disk = disk;
        this.key = key;
        this.backlog = new Backlog(about.mode(), memory, PATIENCE_NANOS);
        this.encoder = encoder;
    }

    /// Since it began.
    final long nanos() {
        return System.nanoTime() - began;
    }

    About about() {
        return about;
    }

    Path path() {
        return path;
    }

    Growth growth() {
        return growth;
    }

    private boolean isRequired() {
        return about.mode() == Mode.REQUIRED;
    }

    // ---- whoever records

    public String id() {
        return about.id().text();
    }

    /// Blocking in a required recording, at most 5 s.
    final void give(Entry entry) {
        if (backlog.give(entry)) {
            schedule();
        } else {
            fail("its disk took nothing for 5 s");
        }
    }

    public boolean isFailed() {
        return failing;
    }

    public void onFailure(Consumer<String> listener) {
        if (isRequired()) {
            failed.listen(listener);
        }
    }

    public void onEnd(Consumer<String> listener) {
        ending.listen(listener);
    }

    public void close() {
        if (!backlog.isClosed()) {
            closedNanos = nanos();
            backlog.close();
        }
        schedule();
    }

    /// An administrator ends the session.
    ///
    /// @return false when it is ending already
    boolean end(String why) {
        return ending.happen(why);
    }

    /// Waits until both files are there, and the first line is written.
    ///
    /// @return false when they are not in that time
    boolean awaitBegun(long millis) throws InterruptedException {
        if (begun.await(millis, TimeUnit.MILLISECONDS) && !failing) {
            return true;
        }
        failing = true;
        return false;
    }

    // ---- the writing thread

    void schedule() {
        if (!over && isScheduled.compareAndSet(false, true)) {
            disk.write(this);
        }
    }

    /// Writes for one turn.
    void write() {
        isScheduled.set(false);
        if (over) {
            return;
        }
        triedNanos = nanos();
        try {
            SignedFiles open = open();
            open.write();
            backlog.written();
            boolean more = turn(open);
            growth.to(open.written());
            if (more) {
                schedule();
            } else if (backlog.isClosed() && backlog.isEmpty()) {
                finish(open);
            }
            recovered();
        } catch (IOException e) {
            cannotWrite(e);
        } finally {
            begun.countDown();
        }
    }

    private SignedFiles open() throws IOException {
        SignedFiles open = file;
        if (open == null) {
            open = SignedFiles.create(disk.maker(), path, about, key, encoder.records());
            file = open;
        }
        return open;
    }

    /// @return whether there is more to write
    private boolean turn(SignedFiles open) throws IOException {
        List<Entry> entries = backlog.take(TURN_BYTES);
        entries.forEach(encoder::add);
        open.write();
        backlog.written();
        return !entries.isEmpty() && !backlog.isEmpty();
    }

    private void finish(SignedFiles open) throws IOException {
        encoder.end();
        open.write();
        open.end();
        seal();
    }

    private void recovered() {
        if (failing && !isRequired() && !isOld()) {
            failing = false;
            log.info("Recording is written again recording={}", id());
        }
    }

    private void cannotWrite(IOException cause) {
        if (over) {
            return;
        }
        if (isRequired()) {
            fail("its disk refused: " + cause.getMessage());
        } else if (!failing) {
            failing = true;
            log.warn(
                    "Recording cannot be written, and is tried again each second recording={}"
                            + " file={}",
                    id(),
                    path,
                    cause);
        }
    }

    /// A fault of ours. The session goes on where it may.
    void broken(RuntimeException cause) {
        log.error("Recording broke recording={}", id(), cause);
        if (isRequired()) {
            fail("see the edge's log");
        } else {
            failing = true;
            giveUp();
        }
    }

    // ---- the sealing threads

    private void seal() {
        if (isSealing.compareAndSet(false, true)) {
            disk.seal(this);
        }
    }

    void sealNow(Instant now) {
        SignedFiles open = file;
        boolean again = false;
        try {
            if (open != null && !over) {
                if (open.seal(now)) {
                    disk.completed(open.completed());
                    over(open);
                } else {
                    again = open.isEnded();
                }
            }
        } catch (IOException e) {
            cannotWrite(e);
        } finally {
            sealedNanos = nanos();
            isSealing.set(false);
        }
        if (again) {
            seal();
        }
    }

    private void over(@Nullable SignedFiles open) {
        over = true;
        backlog.clear();
        growth.end();
        disk.remove(this);
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                log.warn("Recording did not close recording={}", id(), e);
            }
        }
    }

    // ---- the watch

    /// Looks whether something is due or took too long. Waits for nothing.
    void watch() {
        long now = nanos();
        SignedFiles open = file;
        if (isOld()) {
            tooOld();
        }
        if (over) {
            return;
        }
        if (open != null && open.isUnsealed() && now - sealedNanos >= SEALED_EACH_NANOS) {
            seal();
        }
        if (failing && now - triedNanos >= TRIED_EACH_NANOS) {
            schedule();
        }
        if (failing && closedNanos >= 0 && now - closedNanos >= GIVEN_UP_NANOS) {
            log.error("Recording is given up: it has no end recording={} file={}", id(), path);
            giveUp();
        }
    }

    private boolean isOld() {
        long oldest = backlog.oldestNanos();
        SignedFiles open = file;
        long unsealed = open == null ? -1 : open.unsealedNanos();
        if (unsealed >= 0 && (oldest < 0 || unsealed < oldest)) {
            oldest = unsealed;
        }
        return oldest >= 0 && nanos() - oldest > PATIENCE_NANOS;
    }

    private void tooOld() {
        if (isRequired()) {
            fail("its disk wrote nothing for 5 s");
        } else if (!failing) {
            failing = true;
            log.warn("Recording hangs: its disk does not answer recording={}", id());
        }
    }

    /// A required recording is over at once; what it has is kept. Who is told finds it failed.
    private void fail(String why) {
        failing = true;
        if (failed.happen("the session cannot be recorded: " + why)) {
            log.error("Required recording failed recording={} file={} reason={}", id(), path, why);
            giveUp();
        }
    }

    /// The files are closed by a thread that may hang with them.
    void giveUp() {
        over = true;
        backlog.clear();
        growth.end();
        begun.countDown();
        disk.remove(this);
        disk.close(file);
    }
}
