package dev.culvert.recording;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/// A recording of either format, for what is the same with both.
abstract class Tape {
    private long given;

    static Tape of(Recorder recorder) {
        return new Tape() {
            @Override
            String id() {
                return recorder.id();
            }

            @Override
            byte[] content(String text) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                recorder.output(bytes, 0, bytes.length);
                return bytes;
            }

            @Override
            void note(String text) {
                recorder.event("note", text, true);
            }

            @Override
            boolean isFailed() {
                return recorder.isFailed();
            }

            @Override
            void onFailure(Consumer<String> listener) {
                recorder.onFailure(listener);
            }

            @Override
            void close() {
                recorder.close();
            }
        };
    }

    static Tape of(DesktopRecorder recorder) {
        return new Tape() {
            @Override
            String id() {
                return recorder.id();
            }

            @Override
            byte[] content(String text) {
                String instruction = "4.blob,1.1," + text.length() + "." + text + ";";
                recorder.instructions(instruction);
                return instruction.getBytes(StandardCharsets.UTF_8);
            }

            @Override
            void note(String text) {
                recorder.event("note", text);
            }

            @Override
            boolean isFailed() {
                return recorder.isFailed();
            }

            @Override
            void onFailure(Consumer<String> listener) {
                recorder.onFailure(listener);
            }

            @Override
            void close() {
                recorder.close();
            }
        };
    }

    abstract String id();

    /// @return what was recorded of it
    abstract byte[] content(String text);

    void say(String text) {
        given += content(text).length;
    }

    /// Bytes of all that was said.
    long given() {
        return given;
    }

    abstract void note(String text);

    abstract boolean isFailed();

    abstract void onFailure(Consumer<String> listener);

    abstract void close();
}
