package dev.culvert.connector.reload;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says when the content of a file has changed, has become unreadable or is back.
///
/// Watched are the directories of the file and of every link on the way to it, so an editor that
/// renames a new file over the old one is seen, and so is a volume of Kubernetes, which swaps a link to
/// a directory. Every few seconds the file is looked at anyway: file systems of other machines send no
/// events.
///
/// A change is told when the directories have been quiet for a moment, at the latest two seconds after
/// it; while a file is written again and again, only its last state.
///
/// Thread-safe; the watching has a virtual thread of its own, on which `changed` runs.
public final class FileWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FileWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration QUIET = Duration.ofMillis(150);
    private static final Duration SETTLED = Duration.ofSeconds(2);
    private static final int MAX_LINKS = 16;

    /// Beyond it the reader refuses the file; more need not be told apart.
    private static final int MAX_BYTES = (1 << 20) + 1;

    private final Path file;
    private final Runnable changed;
    private final WatchService events;
    private final Set<Path> watched = new HashSet<>();
    private volatile boolean closed;
    private String known;
    private volatile String stamp;

    /// @param changed blocking; called on the watching thread
    public FileWatch(Path file, Runnable changed) throws IOException {
        this.file = file.toAbsolutePath();
        this.changed = changed;
        this.events = this.file.getFileSystem().newWatchService();
        this.stamp = stamp();
        this.known = content();
        register();
    }

    public void start() {
        Thread.ofVirtual().name("config-watch").start(this::watch);
    }

    /// Says "changed" whether it is or not: somebody sent a signal. Does not block.
    public void ask() {
        Thread.ofVirtual().name("config-asked").start(() -> look(true));
    }

    private void watch() {
        while (!closed) {
            try {
                if (next(LOOK_EVERY)) {
                    settle();
                    look(false);
                } else if (!stamp().equals(stamp)) {
                    look(false);
                }
                register();
            } catch (ClosedWatchServiceException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                // One failure of an unforeseen kind must not end the watching.
                log.error("Looking at the configuration failed file={}", file, e);
            }
        }
    }

    private synchronized void look(boolean wanted) {
        stamp = stamp();
        String now = content();
        if (wanted || !now.equals(known)) {
            known = now;
            changed.run();
        }
    }

    private boolean next(Duration within) throws InterruptedException {
        WatchKey key = events.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        if (key == null) {
            return false;
        }
        key.pollEvents();
        if (!key.reset()) {
            watched.remove((Path) key.watchable());
        }
        return true;
    }

    private void settle() throws InterruptedException {
        long deadline = System.nanoTime() + SETTLED.toNanos();
        while (next(QUIET) && System.nanoTime() < deadline) {
            // Another event: wait for quiet again.
        }
    }

    /// Watches what is not watched yet; a directory that is not there is left to the looking.
    private void register() {
        Set<Path> wanted = directories();
        for (Path directory : wanted) {
            if (watched.add(directory)) {
                try {
                    directory.register(
                            events,
                            StandardWatchEventKinds.ENTRY_CREATE,
                            StandardWatchEventKinds.ENTRY_MODIFY,
                            StandardWatchEventKinds.ENTRY_DELETE);
                } catch (IOException e) {
                    watched.remove(directory);
                    log.debug("not watched directory={} reason={}", directory, e.toString());
                }
            }
        }
        // A link that leads elsewhere now: the same name is another directory.
        watched.retainAll(wanted);
    }

    private Set<Path> directories() {
        Set<Path> directories = new HashSet<>();
        Path at = file;
        for (int links = 0; links < MAX_LINKS; links++) {
            Path parent = at.getParent();
            if (parent == null) {
                break;
            }
            directories.add(parent);
            try {
                directories.add(parent.toRealPath());
                if (!Files.isSymbolicLink(at)) {
                    break;
                }
                at = at.resolveSibling(Files.readSymbolicLink(at));
            } catch (IOException e) {
                break;
            }
        }
        return directories;
    }

    private String stamp() {
        try {
            BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.lastModifiedTime() + " " + now.size() + " " + now.fileKey();
        } catch (IOException e) {
            return e.getClass().getName();
        }
    }

    /// What tells two contents apart.
    private String content() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_BYTES);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            return "unreadable: " + e.getClass();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every JDK", e);
        }
    }

    /// Ends the watching. Idempotent.
    @Override
    public void close() {
        closed = true;
        try {
            events.close();
        } catch (IOException e) {
            log.debug("watching did not end properly", e);
        }
    }
}
