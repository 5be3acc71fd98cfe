package dev.culvert.plugin.desktop.guacd;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Whose the other end of a connection is, when that is on this machine: Linux's tables of TCP sockets, of the edge's own
/// network namespace (proc_net(5)). A row is, with spaces between:
///
/// | sl | local address | remote address | state | queues | timer | retransmits | uid | timeout | inode | … |
/// |----|---------------|----------------|-------|--------|-------|-------------|-----|---------|-------|---|
///
/// An address is its 32-bit words as this machine has them, in hexadecimal, `:` and the port. Immutable. Blocking.
///
/// @param tables files; what is not there, or is no table, has no rows
record SocketOwners(List<Path> tables) {
    static final SocketOwners LINUX =
            new SocketOwners(List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")));

    private static final Pattern SPACES = Pattern.compile(" +");
    private static final Pattern USER = Pattern.compile("[0-9]{1,10}");
    private static final String ESTABLISHED = "01";

    /// Of a socket that its program has closed, or not accepted yet: its user is said to be 0, whoever it was.
    private static final String NOBODY = "0";

    /// The user id of the program that has the other end of a connection; empty when it is not in the tables, or nobody
    /// has it.
    OptionalLong ofPeer(Socket socket) {
        Set<String> local = written(socket.getInetAddress(), socket.getPort());
        Set<String> remote = written(socket.getLocalAddress(), socket.getLocalPort());
        return tables.stream()
                .map(table -> find(table, local, remote))
                .flatMapToLong(OptionalLong::stream)
                .findFirst();
    }

    private static OptionalLong find(Path table, Set<String> local, Set<String> remote) {
        try (Stream<String> rows = Files.lines(table, StandardCharsets.ISO_8859_1)) {
            return rows.map(row -> SPACES.split(row.strip()))
                    .filter(row -> row.length > 9)
                    .filter(row -> local.contains(row[1]) && remote.contains(row[2]))
                    .filter(row -> row[3].equals(ESTABLISHED) && !row[9].equals(NOBODY))
                    .filter(row -> USER.matcher(row[7]).matches())
                    .mapToLong(row -> Long.parseLong(row[7]))
                    .findFirst();
        } catch (IOException | UncheckedIOException e) {
            return OptionalLong.empty();
        }
    }

    /// As it may stand in a table: sockets for both IPv4 and IPv6 have mapped addresses.
    private static Set<String> written(InetAddress address, int port) {
        byte[] bytes = address.getAddress();
        String after = ":%04X".formatted(port);
        if (bytes.length == 16) {
            return Set.of(words(bytes) + after);
        }
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(bytes, 0, mapped, 12, 4);
        return Set.of(words(bytes) + after, words(mapped) + after);
    }

    private static String words(byte[] address) {
        ByteBuffer words = ByteBuffer.wrap(address).order(ByteOrder.nativeOrder());
        StringBuilder written = new StringBuilder();
        while (words.hasRemaining()) {
            written.append("%08X".formatted(words.getInt()));
        }
        return written.toString().toUpperCase(Locale.ROOT);
    }
}
