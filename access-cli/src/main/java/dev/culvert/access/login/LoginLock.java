package dev.culvert.access.login;

import dev.culvert.access.Problem;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// One login for a token at a time, over all threads and processes of a user.
///
/// The lock is the system's on `<token file>.lock`, which ends with its process, however that ends. The file says who
/// has it, in cloudflared's form, `{"pid":…,"start_time":…}`; it is empty when nobody has, and stays. The system's lock
/// belongs to a process, hence a second one for its threads.
///
/// Blocking. Released by the thread that took it.
final class LoginLock implements AutoCloseable {
    private static final Map<Path, ReentrantLock> THREADS = new ConcurrentHashMap<>();
    private static final long POLL_MILLIS = 200;

    private final ReentrantLock thread;
    private final FileChannel file;

    private LoginLock(ReentrantLock thread, FileChannel file) {
        this.thread = thread;
        this.file = file;
    }

    /// What to do between two tries.
    interface Waiting {
        void still() throws Problem;
    }

    /// @throws Problem when somebody has held it for all of `patience`
    static LoginLock take(TokenFiles files, Path token, Duration patience, Waiting waiting)
            throws Problem {
        files.makeDirectory();
        Path path = token.resolveSibling(token.getFileName() + ".lock");
        ReentrantLock thread = THREADS.computeIfAbsent(path, _ -> new ReentrantLock());
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            while (!thread.tryLock(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                wait(waiting, deadline);
            }
            try {
                return take(path, thread, () -> wait(waiting, deadline));
            } catch (IOException | InterruptedException | RuntimeException e) {
                thread.unlock();
                throw e;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.failed("interrupted while waiting for a login", "try again");
        } catch (Problem e) {
            throw e;
        } catch (IOException e) {
            throw Problem.failed(
                    path + ": cannot be locked (" + e.getMessage() + ")",
                    "see that it is a file of yours, or set CULVERT_ACCESS_HOME");
        }
    }

    private static LoginLock take(Path path, ReentrantLock thread, Waiting waiting)
            throws IOException, InterruptedException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE,
                                LinkOption.NOFOLLOW_LINKS),
                        Privacy.ofFile(path));
        try {
            FileLock lock = channel.tryLock();
            while (lock == null) {
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                waiting.still();
                lock = channel.tryLock();
            }
            channel.truncate(0).write(ByteBuffer.wrap(owner()));
            return new LoginLock(thread, channel);
        } catch (IOException | InterruptedException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static void wait(Waiting waiting, long deadline) throws Problem {
        if (System.nanoTime() > deadline) {
            throw new Problem(
                    Problem.LOGIN_NEEDED,
                    "the sign-in that another access has begun was not finished",
                    "finish it in the browser, or end that access and try again");
        }
        waiting.still();
    }

    private static byte[] owner() {
        ProcessHandle self = ProcessHandle.current();
        long start = self.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
        String text = "{\"pid\":" + self.pid() + ",\"start_time\":" + start + "}";
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// Closing the file releases the system's lock.
    @Override
    public void close() {
        try (file) {
            file.truncate(0);
        } catch (IOException e) {
            // Nothing is held by it any more.
        } finally {
            thread.unlock();
        }
    }
}
