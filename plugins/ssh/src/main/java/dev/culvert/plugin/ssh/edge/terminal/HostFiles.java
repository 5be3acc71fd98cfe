package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.host.HostSession;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.sshd.common.SshException;
import org.apache.sshd.sftp.client.SftpClient;
import org.apache.sshd.sftp.client.SftpClient.Attributes;
import org.apache.sshd.sftp.client.SftpClient.CloseableHandle;
import org.apache.sshd.sftp.client.SftpClient.DirEntry;
import org.apache.sshd.sftp.client.SftpClient.OpenMode;
import org.apache.sshd.sftp.client.SftpClientFactory;
import org.apache.sshd.sftp.client.SftpVersionSelector;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHPosixRenameExtension;
import org.apache.sshd.sftp.client.extensions.openssh.OpenSSHStatPathExtension;
import org.apache.sshd.sftp.common.SftpConstants;
import org.apache.sshd.sftp.common.SftpException;
import org.jspecify.annotations.Nullable;

/// Files of a host over SFTP, version 3, on a channel of its own. Relative paths begin where the host's server
/// does, at the account's home. Names are UTF-8.
///
/// Memory is bounded by the channel's window, whatever a file's size. Confined to one thread.
final class HostFiles implements AutoCloseable {
    /// Most entries of a folder that are listed.
    static final int MOST_ENTRIES = 10_000;

    private static final int LONGEST_NAME = 1024;
    private static final int PIECE = 64 * 1024;
    private static final int NAME_BYTES = 8;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final SftpClient sftp;

    private HostFiles(SftpClient sftp) {
        this.sftp = sftp;
    }

    static HostFiles open(HostSession host) throws IOException {
        try {
            return new HostFiles(
                    SftpClientFactory.instance()
                            .createSftpClient(
                                    host.ssh(), SftpVersionSelector.fixedVersionSelector(3)));
        } catch (SshException | IllegalStateException e) {
            throw new RefusedException(
                    "sftp_refused",
                    host.admitted().host() + " opens no SFTP for " + host.login() + ".",
                    "See the host's log (sshd: Subsystem sftp, MaxSessions).");
        }
    }

    /// What is at a path, links followed.
    ///
    /// @param path absolute, without links
    /// @param size null when the host does not say, or the file is one of those that have none
    record Found(String path, boolean directory, @Nullable Long size) {}

    Found find(String path) throws IOException {
        String canonical = canonical(path);
        Attributes attributes = sftp.stat(canonical);
        // Files of /proc have a size of 0 and something in them.
        Long size =
                attributes.isRegularFile() && attributes.getSize() > 0
                        ? attributes.getSize()
                        : null;
        return new Found(canonical, attributes.isDirectory(), size);
    }

    /// @throws SftpException when it is not
    void requireReadable(String path) throws IOException {
        sftp.open(path, OpenMode.Read).close();
    }

    String canonical(String path) throws IOException {
        return sftp.canonicalPath(path.isEmpty() ? "." : path);
    }

    /// A folder's entries, at most one more than [#MOST_ENTRIES].
    List<DirEntry> list(String path) throws IOException {
        List<DirEntry> entries = new ArrayList<>();
        try (CloseableHandle folder = sftp.openDir(path)) {
            List<DirEntry> some = sftp.readDir(folder);
            for (int rounds = 0;
                    some != null && entries.size() <= MOST_ENTRIES && rounds <= MOST_ENTRIES;
                    rounds++) {
                some.stream()
                        .filter(each -> isName(each.getFilename()))
                        .map(HostFiles::small)
                        .forEach(entries::add);
                some = sftp.readDir(folder);
            }
        }
        return entries;
    }

    /// No system has longer ones: a host that says 256 KiB, ten thousand times, wants the edge's memory.
    private static boolean isName(String name) {
        return !name.equals(".") && !name.equals("..") && name.length() <= LONGEST_NAME;
    }

    /// Without what nobody asks for, which the host may have made large too.
    static DirEntry small(DirEntry entry) {
        Attributes all = entry.getAttributes();
        Attributes kept = new Attributes().perms(all.getPermissions()).size(all.getSize());
        if (all.getModifyTime() != null) {
            kept.modifyTime(all.getModifyTime());
        }
        return new DirEntry(entry.getFilename(), "", kept);
    }

    /// Copies a file's bytes out.
    ///
    /// @param size at most this many bytes when it was announced, null for all
    /// @return how many there were
    long read(String path, @Nullable Long size, OutputStream out) throws IOException {
        try (InputStream in = sftp.read(path)) {
            byte[] bytes = new byte[PIECE];
            long total = 0;
            long left = size == null ? Long.MAX_VALUE : size;
            int count = in.read(bytes, 0, (int) Math.min(PIECE, left));
            while (count > 0) {
                out.write(bytes, 0, count);
                total += count;
                left -= count;
                count = left == 0 ? -1 : in.read(bytes, 0, (int) Math.min(PIECE, left));
            }
            return total;
        }
    }

    /// Writes a file whole, or leaves what was there: beside it under another name first, which then takes its
    /// name and the permissions of what it replaces. A link is followed.
    ///
    /// @return its path
    String write(String path, InputStream in, long[] written) throws IOException {
        Attributes before = existing(path);
        String target = before == null ? path : canonical(path);
        if (path.endsWith("/") || (before != null && before.isDirectory())) {
            throw new RefusedException(
                    "file_is_directory",
                    FileProblem.shown(path) + " is a folder.",
                    "Upload into it under a name.");
        }
        String part = beside(target);
        try {
            try (OutputStream out =
                    sftp.write(part, OpenMode.Write, OpenMode.Create, OpenMode.Exclusive)) {
                copy(in, out, written);
            }
            if (before != null) {
                sftp.setStat(part, new Attributes().perms(before.getPermissions() & 07777));
            }
            rename(part, target, before != null);
        } catch (SftpException e) {
            boolean full = e.getStatus() == SftpConstants.SSH_FX_FAILURE && isFull(part);
            removeQuietly(part);
            throw full ? FileProblem.noSpace(target) : e;
        } catch (IOException | RuntimeException e) {
            removeQuietly(part);
            throw e;
        }
        return canonical(target);
    }

    /// Version 3 has no word for it.
    private boolean isFull(String path) {
        OpenSSHStatPathExtension statvfs = sftp.getExtension(OpenSSHStatPathExtension.class);
        try {
            return statvfs != null && statvfs.isSupported() && statvfs.stat(path).f_bavail == 0;
        } catch (IOException e) {
            // The failure itself is what is told.
            return false;
        }
    }

    private @Nullable Attributes existing(String path) throws IOException {
        try {
            return sftp.stat(path);
        } catch (SftpException e) {
            if (e.getStatus() == SftpConstants.SSH_FX_NO_SUCH_FILE) {
                return null;
            }
            throw e;
        }
    }

    private static String beside(String path) {
        byte[] random = new byte[NAME_BYTES];
        RANDOM.nextBytes(random);
        int slash = path.lastIndexOf('/');
        return path.substring(0, slash + 1)
                + ".culvert-"
                + HexFormat.of().formatHex(random)
                + ".part";
    }

    private static void copy(InputStream in, OutputStream out, long[] written) throws IOException {
        byte[] bytes = new byte[PIECE];
        int count = next(in, bytes);
        while (count >= 0) {
            out.write(bytes, 0, count);
            written[0] += count;
            count = next(in, bytes);
        }
    }

    private static int next(InputStream in, byte[] bytes) throws RefusedException {
        try {
            return in.read(bytes);
        } catch (IOException e) {
            throw new RefusedException(
                    "upload_cut",
                    "The upload was cancelled, or its connection lost.",
                    "Upload it again.");
        }
    }

    private void rename(String from, String to, boolean replaces) throws IOException {
        OpenSSHPosixRenameExtension atOnce = sftp.getExtension(OpenSSHPosixRenameExtension.class);
        if (atOnce != null && atOnce.isSupported()) {
            atOnce.posixRename(from, to);
        } else {
            // Version 3 renames onto nothing that is there.
            if (replaces) {
                sftp.remove(to);
            }
            sftp.rename(from, to);
        }
    }

    private void removeQuietly(String path) {
        try {
            sftp.remove(path);
        } catch (IOException e) {
            // It was not made, or the host is gone: what is left has a name that says whose it is.
        }
    }

    /// Ends what is under way.
    @Override
    public void close() throws IOException {
        sftp.close();
    }
}
