package dev.culvert.plugin.http;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.protocols.stream.HeaderList;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A client of one exchange: scripts the body, waits for what is answered. The client may go away,
/// after which writes fail.
final class TestExchange implements HttpExchange {
    private static final byte[] END = new byte[0];

    private final String method;
    private final String path;
    private final boolean webSocket;
    private final HeaderList requestHeaders;
    private final LinkedBlockingQueue<byte[]> sent = new LinkedBlockingQueue<>();
    private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
    private int status;
    private HeaderList headers = new HeaderList();
    private boolean gone;
    private boolean closed;

    TestExchange(String method, String path, boolean webSocket, String... headers) {
        this.method = method;
        this.path = path;
        this.webSocket = webSocket;
        this.requestHeaders = HeaderList.of(headers);
    }

    static TestExchange get(String path, String... headers) {
        return new TestExchange("GET", path, false, headers);
    }

    void send(byte[] bytes) {
        sent.add(bytes);
    }

    void endBody() {
        sent.add(END);
    }

    synchronized void leave() {
        gone = true;
    }

    synchronized int status() {
        return status;
    }

    synchronized HeaderList headers() {
        return headers;
    }

    synchronized boolean isClosed() {
        return closed;
    }

    synchronized byte[] bytes() {
        return answer.toByteArray();
    }

    String text() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    /// Waits until the answer so far fits.
    synchronized void await(Predicate<String> fits) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!fits.test(answer.toString(StandardCharsets.ISO_8859_1))) {
            long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (left <= 0) {
                throw new AssertionError("still: " + answer.toString(StandardCharsets.UTF_8));
            }
            wait(left);
        }
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String authority() {
        return "hello.example.com";
    }

    @Override
    public HeaderList requestHeaders() {
        return requestHeaders;
    }

    @Override
    public boolean isWebSocket() {
        return webSocket;
    }

    @Override
    public InputStream body() {
        return new InputStream() {
            @Override
            public int read() {
                throw new UnsupportedOperationException();
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                try {
                    byte[] chunk = sent.take();
                    System.arraycopy(chunk, 0, into, offset, chunk.length);
                    return chunk == END ? -1 : chunk.length;
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
        };
    }

    @Override
    public synchronized OutputStream respond(int status, HeaderList headers) {
        if (this.status != 0) {
            throw new IllegalStateException("called twice");
        }
        this.status = status;
        this.headers = headers;
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                synchronized (TestExchange.this) {
                    if (gone) {
                        throw new IOException("client went away");
                    }
                    answer.write(bytes, offset, length);
                    TestExchange.this.notifyAll();
                }
            }

            @Override
            public void close() {
                synchronized (TestExchange.this) {
                    closed = true;
                }
            }
        };
    }
}
