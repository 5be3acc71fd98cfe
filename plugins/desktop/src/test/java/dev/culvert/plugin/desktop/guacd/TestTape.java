package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.edge.DesktopRecorder;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// A recording in memory.
final class TestTape implements DesktopRecorder {
    final StringBuffer instructions = new StringBuffer();
    final List<String> events = new CopyOnWriteArrayList<>();
    final CompletableFuture<Boolean> closed = new CompletableFuture<>();
    volatile Consumer<String> onFailure = _ -> {};
    volatile Consumer<String> onEnd = _ -> {};

    @Override
    public String id() {
        return "recording-1";
    }

    @Override
    public void instructions(String text) {
        instructions.append(text);
    }

    @Override
    public void event(String kind, String text) {
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
