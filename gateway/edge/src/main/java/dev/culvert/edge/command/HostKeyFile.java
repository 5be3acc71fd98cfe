package dev.culvert.edge.command;

import dev.culvert.edge.state.StateException;
import dev.culvert.edge.state.StateException.Code;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// The public key of a host in a file, and where its certificate goes. Immutable.
///
/// @param line the key
record HostKeyFile(Path certificate, String line) {
    private static final int MAX_BYTES = 16 * 1024;
    private static final String PUBLIC = ".pub";

    /// @param named the public key; when it is named as the private one, that is not read
    static HostKeyFile of(Path named) throws StateException {
        String name = named.toString();
        String key = name.endsWith(PUBLIC) ? name.substring(0, name.length() - 4) : name;
        Path open = Path.of(key + PUBLIC);
        try (InputStream in = Files.newInputStream(open)) {
            String text = new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
            return new HostKeyFile(Path.of(key + "-cert.pub"), text.strip());
        } catch (IOException e) {
            throw new StateException(
                    Code.INVALID,
                    open + ": cannot be read (" + e.getClass().getSimpleName() + ")",
                    "name the host's public key: copy its /etc/ssh/ssh_host_ed25519_key.pub here",
                    e);
        }
    }

    void writeCertificate(String text) throws StateException {
        try {
            Files.writeString(certificate, text + "\n");
        } catch (IOException e) {
            throw new StateException(
                    Code.STORAGE,
                    certificate + ": cannot be written (" + e.getClass().getSimpleName() + ")",
                    "copy the public key to a directory that you may write to",
                    e);
        }
    }
}
