package dev.culvert.plugin.ssh.edge.io;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.DefaultCloseFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;
import org.apache.sshd.common.util.threads.ThreadUtils;
import org.jspecify.annotations.Nullable;

/// One SSH connection as SSHD sees it, over a [Wire].
///
/// # Threads
///
/// One thread reads ([#read]) and does all of SSHD's work for what comes; another writes what the first and
/// all others have queued. Both are SSHD's "internal" threads, which it never makes wait for a peer.
///
/// # Memory
///
/// What is read is at most [#READ_BYTES], SSHD's decoder holds one packet (at most 256 KiB), the queue is
/// [OutgoingQueue]'s. The rest is in the windows of the session's channels.
///
/// # Closing
///
/// Gracefully: what is queued is written, at most [#GRACE], and the wire's direction ended. At once: what is
/// queued fails, and the wire is closed, which wakes both threads. The wire's end and its errors close at
/// once.
final class StreamSession extends AbstractCloseable implements IoSession {
    static final int READ_BYTES = 32 * 1024;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final AtomicLong IDS = new AtomicLong();

    private final long id = IDS.incrementAndGet();
    private final StreamService service;
    private final IoHandler handler;
    private final Wire wire;
    private final OutgoingQueue queue = new OutgoingQueue();
    private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
    private final CompletableFuture<@Nullable Void> drained = new CompletableFuture<>();
    private final ReentrantLock reading = new ReentrantLock();
    private final Condition resumed = reading.newCondition();
    private boolean suspended;

    StreamSession(StreamService service, IoHandler handler, Wire wire) {
        this.service = service;
        this.handler = handler;
        this.wire = wire;
    }

    OutgoingQueue queue() {
        return queue;
    }

    /// Begins to write, and lets SSHD make its session. To be called once, before [#read].
    void open() throws IOException {
        Thread.ofVirtual().name("ssh-write-" + id).start(this::write);
        try {
            handler.sessionCreated(this);
        } catch (Exception e) {
            close(true);
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    /// Reads until the session is over.
    void read() {
        try {
            ThreadUtils.runAsInternal(() -> {
                readAll();
                return Boolean.TRUE;
            });
        } catch (Exception e) {
            fail(e);
        } finally {
            close(true);
        }
    }

    private void readAll() throws Exception {
        byte[] bytes = new byte[READ_BYTES];
        int count = wire.input().read(bytes);
        while (count >= 0 && !closeFuture.isClosed()) {
            handler.messageReceived(this, new ByteArrayBuffer(bytes, 0, count));
            awaitResumed();
            count = wire.input().read(bytes);
        }
    }

    private void awaitResumed() throws InterruptedException {
        reading.lock();
        try {
            while (suspended && !closeFuture.isClosed()) {
                resumed.await();
            }
        } finally {
            reading.unlock();
        }
    }

    private void write() {
        try {
            ThreadUtils.runAsInternal(() -> {
                writeAll();
                return Boolean.TRUE;
            });
        } catch (Exception e) {
            fail(e);
            close(true);
        } finally {
            drained.complete(null);
        }
    }

    private void writeAll() throws IOException, InterruptedException {
        OutgoingPacket packet = queue.take();
        while (packet != null) {
            try {
                packet.writeTo(wire.output());
            } catch (IOException e) {
                packet.failed(e);
                throw e;
            }
            queue.done(packet);
            packet.written();
            packet = queue.take();
        }
        if (!closeFuture.isClosed()) {
            wire.endOutput();
        }
    }

    /// SSHD's session ends with words about it, unless it is over anyway.
    private void fail(Exception cause) {
        if (state.get() != State.Opened) {
            return;
        }
        try {
            handler.exceptionCaught(this, cause);
        } catch (Exception e) {
            log.debug("no session to tell what happened: session={} reason={}", id, e.toString());
        }
    }

    @Override
    public IoWriteFuture writeBuffer(Buffer buffer) {
        OutgoingPacket packet = new OutgoingPacket(this, buffer);
        try {
            queue.add(packet);
        } catch (ClosedChannelException e) {
            packet.failed(e);
        } catch (IOException e) {
            packet.failed(e);
            // Not here: the caller holds SSHD's lock, which closing needs.
            Thread.ofVirtual().name("ssh-close-" + id).start(() -> close(true));
        }
        return packet;
    }

    @Override
    protected CloseFuture doCloseGracefully() {
        CloseFuture written = new DefaultCloseFuture(this, futureLock);
        queue.end();
        CompletableFuture<@Nullable Void> atMost =
                drained.copy().completeOnTimeout(null, GRACE.toSeconds(), TimeUnit.SECONDS);
        atMost.whenComplete((_, _) -> written.setClosed());
        return written;
    }

    @Override
    protected void doCloseImmediately() {
        for (OutgoingPacket packet : queue.close()) {
            packet.failed(new ClosedChannelException());
        }
        wire.close();
        service.forget(this);
        super.doCloseImmediately();
        resumeRead();
        try {
            handler.sessionClosed(this);
        } catch (Exception e) {
            log.debug("closing: session={} reason={}", id, e.toString());
        }
        attributes.clear();
    }

    @Override
    public void shutdownOutputStream() {
        queue.end();
    }

    @Override
    public void suspendRead() {
        setSuspended(true);
    }

    @Override
    public void resumeRead() {
        setSuspended(false);
    }

    private void setSuspended(boolean now) {
        reading.lock();
        try {
            suspended = now;
            resumed.signalAll();
        } finally {
            reading.unlock();
        }
    }

    @Override
    public long getId() {
        return id;
    }

    @Override
    public IoService getService() {
        return service;
    }

    @Override
    public SocketAddress getRemoteAddress() {
        return wire.remote();
    }

    @Override
    public SocketAddress getLocalAddress() {
        return StreamService.NOWHERE;
    }

    @Override
    public @Nullable SocketAddress getAcceptanceAddress() {
        return null;
    }

    @Override
    public @Nullable Object getAttribute(Object key) {
        return attributes.get(key);
    }

    @Override
    public @Nullable Object setAttribute(Object key, Object value) {
        return attributes.put(key, value);
    }

    @Override
    public @Nullable Object setAttributeIfAbsent(Object key, Object value) {
        return attributes.putIfAbsent(key, value);
    }

    @Override
    public @Nullable Object removeAttribute(Object key) {
        return attributes.remove(key);
    }

    @Override
    public String toString() {
        return "session " + id + " with " + wire.remote();
    }
}
