package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Recorder;
import org.jspecify.annotations.Nullable;

/// What is recorded of one session: the host's output, what is typed, the terminal's size, and the files of SFTP.
///
/// Of what has no terminal only the first [#MAX_WITHOUT_TERMINAL] bytes of output are kept by best effort: that is
/// where commands say something, and the rest is files on their way. What has to be recorded is kept as a whole: a
/// shell needs no terminal. SFTP's own bytes are not kept at all.
///
/// Thread-safe as far as a relay uses it: one thread for each direction.
final class SessionTape {
    static final long MAX_WITHOUT_TERMINAL = 1024 * 1024;

    private final Recorder recorder;
    private final boolean terminal;
    private final @Nullable SftpWatch sftp;
    private long left;

    /// @param most bytes of output that are kept
    SessionTape(Recorder recorder, boolean terminal, long most, boolean sftp) {
        this.recorder = recorder;
        this.terminal = terminal;
        this.left = most;
        this.sftp = sftp ? new SftpWatch(text -> recorder.event("sftp", text, true)) : null;
    }

    Recorder recorder() {
        return recorder;
    }

    void output(byte[] bytes, int offset, int length) {
        if (sftp != null) {
            sftp.answered(bytes, offset, length);
        } else if (left > 0) {
            int kept = (int) Math.min(left, length);
            recorder.output(bytes, offset, kept);
            left -= kept;
            if (left == 0) {
                recorder.event("note", "more output, without a terminal, is not kept", true);
            }
        }
    }

    void input(byte[] bytes, int offset, int length) {
        if (sftp != null) {
            sftp.asked(bytes, offset, length);
        } else if (terminal) {
            recorder.input(bytes, offset, length);
        }
    }

    void close() {
        recorder.close();
    }
}
