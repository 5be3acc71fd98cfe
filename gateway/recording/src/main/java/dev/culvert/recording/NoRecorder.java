package dev.culvert.recording;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import java.util.function.Consumer;

/// A recording that could not be begun, and that nobody needs. Immutable.
record NoRecorder(RecordingId name) implements Recorder, DesktopRecorder {
    @Override
    public String id() {
        return name.text();
    }

    @Override
    public void output(byte[] bytes, int offset, int length) {}

    @Override
    public void input(byte[] bytes, int offset, int length) {}

    @Override
    public void resize(int columns, int rows) {}

    @Override
    public void event(String kind, String text, boolean exact) {}

    @Override
    public void instructions(String instructions) {}

    @Override
    public void event(String kind, String text) {}

    @Override
    public boolean isFailed() {
        return true;
    }

    @Override
    public void onFailure(Consumer<String> failed) {}

    @Override
    public void onEnd(Consumer<String> ended) {}

    @Override
    public void close() {}
}
