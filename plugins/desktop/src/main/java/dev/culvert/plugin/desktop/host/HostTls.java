package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.TunnelStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;

/// TLS 1.2 or 1.3 with a host, over a stream through the tunnel. Whom it speaks with is not decided here: the
/// certificates the host showed are there to be judged ([HostCertificates]).
///
/// Two threads may use it, one for each direction; `close` is for any. Blocking. Holds about 70 KiB. What TLS 1.2
/// calls renegotiation ends it.
public final class HostTls implements Closeable {
    private final TunnelStream stream;
    private final SSLEngine engine;
    private final ShownChain shown;
    private final Input input;
    private final Output output;

    private HostTls(TunnelStream stream, SSLEngine engine, ShownChain shown) {
        this.stream = stream;
        this.engine = engine;
        this.shown = shown;
        this.input = new Input();
        this.output = new Output();
    }

    /// Shakes hands. When it fails the stream is the caller's to close.
    static HostTls over(TunnelStream stream) throws IOException {
        ShownChain shown = new ShownChain();
        HostTls tls = new HostTls(stream, engine(shown), shown);
        tls.handshake();
        return tls;
    }

    private static SSLEngine engine(ShownChain shown) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {shown}, null);
            SSLEngine engine = context.createSSLEngine();
            engine.setUseClientMode(true);
            engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            return engine;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS is not available", e);
        }
    }

    private void handshake() throws IOException {
        engine.beginHandshake();
        HandshakeStatus status = engine.getHandshakeStatus();
        while (status != HandshakeStatus.NOT_HANDSHAKING && status != HandshakeStatus.FINISHED) {
            status =
                    switch (status) {
                        case NEED_TASK -> tasks();
                        case NEED_WRAP -> output.wrap(ByteBuffer.allocate(0));
                        case NEED_UNWRAP, NEED_UNWRAP_AGAIN -> input.handshake();
                        case NOT_HANDSHAKING, FINISHED -> status;
                    };
        }
    }

    private HandshakeStatus tasks() {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
            task.run();
            task = engine.getDelegatedTask();
        }
        return engine.getHandshakeStatus();
    }

    /// Leaf first.
    public List<X509Certificate> chain() {
        return shown.chain();
    }

    public InputStream input() {
        return input;
    }

    /// Each write goes out at once.
    public OutputStream output() {
        return output;
    }

    /// Ends both directions, without a word to the host. Idempotent.
    @Override
    public void close() {
        stream.close();
    }

    /// TLS 1.3 renews keys without a handshake; a TLS 1.2 host that begins another one could show another certificate.
    private void refuseRenegotiation(HandshakeStatus status) throws SSLException {
        boolean again =
                status == HandshakeStatus.NEED_TASK
                        || status == HandshakeStatus.NEED_WRAP
                        || status == HandshakeStatus.NEED_UNWRAP;
        if (again && engine.getSession().getProtocol().equals("TLSv1.2")) {
            throw new SSLException("the host began another handshake");
        }
    }

    private final class Input extends InputStream {
        private final ByteBuffer records =
                ByteBuffer.allocate(engine.getSession().getPacketBufferSize()).limit(0);
        private final ByteBuffer ready =
                ByteBuffer.allocate(engine.getSession().getApplicationBufferSize()).limit(0);
        private boolean ended;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, into.length);
            if (length == 0) {
                return 0;
            }
            while (!ready.hasRemaining() && !ended) {
                SSLEngineResult result = unwrap();
                refuseRenegotiation(result.getHandshakeStatus());
                afterwards(result);
            }
            if (!ready.hasRemaining()) {
                return -1;
            }
            int size = Math.min(length, ready.remaining());
            ready.get(into, offset, size);
            return size;
        }

        /// Answers a renewal of keys. While somebody else writes they do: it may wait for room.
        private void afterwards(SSLEngineResult result) throws IOException {
            switch (result.getHandshakeStatus()) {
                case NEED_TASK -> tasks();
                case NEED_WRAP -> {
                    boolean stuck = result.bytesConsumed() == 0 && result.bytesProduced() == 0;
                    output.answer(stuck);
                }
                default -> {
                    // Nothing is due.
                }
            }
        }

        HandshakeStatus handshake() throws IOException {
            HandshakeStatus status = unwrap().getHandshakeStatus();
            if (ended) {
                throw new SSLException("the host closed in the middle of the handshake");
            }
            return status;
        }

        private SSLEngineResult unwrap() throws IOException {
            ready.clear();
            SSLEngineResult result = engine.unwrap(records, ready);
            ready.flip();
            if (result.getStatus() == Status.BUFFER_UNDERFLOW) {
                ended |= !more();
            } else if (result.getStatus() == Status.CLOSED) {
                ended = true;
            } else if (result.getStatus() == Status.BUFFER_OVERFLOW) {
                throw new SSLException("the host sent a record that is too long");
            }
            return result;
        }

        private boolean more() throws IOException {
            records.compact();
            int count =
                    records.hasRemaining()
                            ? stream.input()
                                    .read(records.array(), records.position(), records.remaining())
                            : -1;
            if (count > 0) {
                records.position(records.position() + count);
            }
            records.flip();
            return count >= 0;
        }
    }

    private final class Output extends OutputStream {
        private final ReentrantLock writing = new ReentrantLock();
        private final ByteBuffer records =
                ByteBuffer.allocate(engine.getSession().getPacketBufferSize());

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(bytes, offset, length);
            while (rest.hasRemaining()) {
                wrap(rest);
            }
        }

        /// @param wait whether nothing can be read before
        void answer(boolean wait) throws IOException {
            if (wait) {
                wrap(ByteBuffer.allocate(0));
            } else if (writing.tryLock()) {
                try {
                    wrap(ByteBuffer.allocate(0));
                } finally {
                    writing.unlock();
                }
            }
        }

        private HandshakeStatus wrap(ByteBuffer bytes) throws IOException {
            writing.lock();
            try {
                records.clear();
                SSLEngineResult result = engine.wrap(bytes, records);
                if (result.getStatus() == Status.CLOSED) {
                    throw new SSLException("closed");
                }
                stream.output().write(records.array(), 0, records.position());
                return result.getHandshakeStatus();
            } finally {
                writing.unlock();
            }
        }

        @Override
        public void close() throws IOException {
            stream.endOutput();
        }
    }
}
