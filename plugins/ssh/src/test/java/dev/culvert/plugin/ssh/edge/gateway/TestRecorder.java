package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Keeps what it is given.
final class TestRecorder implements Recorder {
    final Recordings.Subject subject;
    final Mode mode;
    final List<String> events = new CopyOnWriteArrayList<>();
    final List<String> sizes = new CopyOnWriteArrayList<>();
    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final ByteArrayOutputStream input = new ByteArrayOutputStream();
    private volatile Consumer<String> failed = reason -> {};
    private volatile Consumer<String> ended = reason -> {};

    TestRecorder(Recordings.Subject subject, Mode mode) {
        this.subject = subject;
        this.mode = mode;
    }

    String said() {
        return output.toString(StandardCharsets.UTF_8);
    }

    String typed() {
        return input.toString(StandardCharsets.UTF_8);
    }

    void fail(String reason) {
        failed.accept(reason);
    }

    void endByAdmin(String reason) {
        ended.accept(reason);
    }

    @Override
    public String id() {
        return "recording-1";
    }

    @Override
    public void output(byte[] bytes, int offset, int length) {
        output.write(bytes, offset, length);
    }

    @Override
    public void input(byte[] bytes, int offset, int length) {
        input.write(bytes, offset, length);
    }

    @Override
    public void resize(int columns, int rows) {
        sizes.add(columns + "x" + rows);
    }

    @Override
    public void event(String kind, String text, boolean exact) {
        events.add(kind + " " + text);
    }

    @Override
    public boolean isFailed() {
        return false;
    }

    @Override
    public void onFailure(Consumer<String> callback) {
        failed = callback;
    }

    @Override
    public void onEnd(Consumer<String> callback) {
        ended = callback;
    }

    @Override
    public void close() {
        closed.complete(true);
    }
}
