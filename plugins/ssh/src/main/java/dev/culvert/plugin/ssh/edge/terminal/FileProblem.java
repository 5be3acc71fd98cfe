package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.OneLine;
import dev.culvert.plugin.edge.RefusedException;
import java.io.IOException;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;

/// What a host says about a file, in words. Stateless.
final class FileProblem {
    private static final int MAX_SHOWN = 200;

    private FileProblem() {}

    /// @param verb what was to be done: `read`, `written`, `listed`
    static RefusedException of(IOException problem, String path, String verb, String host) {
        return switch (problem) {
            case RefusedException refused -> refused;
            case SftpException said -> said(said, shown(path), verb, host);
            default ->
                    new RefusedException(
                            "host_failed",
                            "The connection to "
                                    + host
                                    + " was lost: "
                                    + problem.getMessage()
                                    + ".",
                            "Connect again.");
        };
    }

    private static RefusedException said(
            SftpException said, String path, String verb, String host) {
        return switch (said.getStatus()) {
            case SftpConstants.SSH_FX_NO_SUCH_FILE, SftpConstants.SSH_FX_NO_SUCH_PATH ->
                    new RefusedException(
                            "file_not_found",
                            "There is no " + path + " on " + host + ".",
                            "Check its name and folder.");
            case SftpConstants.SSH_FX_PERMISSION_DENIED, SftpConstants.SSH_FX_WRITE_PROTECT ->
                    new RefusedException(
                            "file_denied",
                            path + " may not be " + verb + " by this account.",
                            "Choose another folder, or change its permissions in the terminal.");
            case SftpConstants.SSH_FX_NO_SPACE_ON_FILESYSTEM, SftpConstants.SSH_FX_QUOTA_EXCEEDED ->
                    noSpace(path);
            default ->
                    new RefusedException(
                            "file_failed",
                            path
                                    + " cannot be "
                                    + verb
                                    + ": the host says \""
                                    + shown(String.valueOf(said.getMessage()))
                                    + "\".",
                            "Try the same in the terminal, which says more; a disk may be full (df -h).");
        };
    }

    static RefusedException noSpace(String path) {
        return new RefusedException(
                "file_no_space",
                "There is no space left on the host for " + shown(path) + ".",
                "Make some (df -h shows how much there is), or choose another folder.");
    }

    /// On one line.
    static String shown(String path) {
        return OneLine.marked(path, MAX_SHOWN);
    }
}
