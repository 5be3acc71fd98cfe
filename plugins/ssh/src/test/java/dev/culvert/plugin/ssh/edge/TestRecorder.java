package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A recording in memory.
public final class TestRecorder implements Recorder {
    public final Recordings.Subject subject;
    public final Mode mode;
    public final ByteArrayOutputStream output = new ByteArrayOutputStream();
    public final ByteArrayOutputStream input = new ByteArrayOutputStream();
    public final List<String> events = new CopyOnWriteArrayList<>();
    public volatile Consumer<String> onFailure = _ -> {};
    public volatile Consumer<String> onEnd = _ -> {};
    public final CompletableFuture<Boolean> closed = new CompletableFuture<>();

    TestRecorder(Recordings.Subject subject, Mode mode) {
        this.subject = subject;
        this.mode = mode;
    }

    public String said() {
        return output.toString(StandardCharsets.UTF_8);
    }

    public String typed() {
        return input.toString(StandardCharsets.UTF_8);
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
        events.add("resize " + columns + "x" + rows);
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
    public void onFailure(Consumer<String> failed) {
        onFailure = failed;
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        onEnd = ended;
    }

    @Override
    public void close() {
        closed.complete(true);
    }
}
