package dev.culvert.edge.admission;

import dev.culvert.plugin.edge.DesktopRecorder;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;

/// Where nothing is recorded.
final class NoRecordings implements Recordings {
    @Override
    public Recorder begin(Subject subject, Recorder.Mode mode) {
        throw new AssertionError("nothing is recorded here");
    }

    @Override
    public DesktopRecorder beginDesktop(Subject subject, Recorder.Mode mode) {
        throw new AssertionError("nothing is recorded here");
    }
}
