package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.OneLine;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads along an SFTP session (draft-ietf-secsh-filexfer-02, version 3, as OpenSSH speaks it) and tells which files
/// were opened, changed and removed, each when the host has answered.
///
/// It only looks: what it does not understand passes. Of a packet it keeps its first [PacketHeads#MAX] bytes, and at
/// most [#MAX_WAITING] requests that were not answered.
///
/// Thread-safe.
final class SftpWatch {
    private static final int MAX_WAITING = 1024;
    private static final int MAX_NAME = 1024;

    private static final int OPEN = 3;
    private static final int SETSTAT = 9;
    private static final int OPENDIR = 11;
    private static final int REMOVE = 13;
    private static final int MKDIR = 14;
    private static final int RMDIR = 15;
    private static final int RENAME = 18;
    private static final int SYMLINK = 20;
    private static final int EXTENDED = 200;
    private static final int STATUS = 101;
    private static final int HANDLE = 102;

    private static final int WRITE_FLAG = 2;

    private final Consumer<String> told;
    private final PacketHeads requests = new PacketHeads(this::request);
    private final PacketHeads answers = new PacketHeads(this::answer);

    /// By the number of the request; the oldest first.
    private final Map<Integer, String> waiting = new LinkedHashMap<>();

    /// @param told one line for each operation
    SftpWatch(Consumer<String> told) {
        this.told = told;
    }

    synchronized void asked(byte[] bytes, int offset, int length) {
        requests.take(bytes, offset, length);
    }

    synchronized void answered(byte[] bytes, int offset, int length) {
        answers.take(bytes, offset, length);
    }

    private void request(ByteBuffer packet) {
        int type = packet.get() & 0xff;
        if (packet.remaining() < Integer.BYTES) {
            return;
        }
        int number = packet.getInt();
        String text = operation(type, packet);
        if (text != null) {
            if (waiting.size() >= MAX_WAITING) {
                waiting.remove(waiting.keySet().iterator().next());
            }
            waiting.put(number, text);
        }
    }

    private static @Nullable String operation(int type, ByteBuffer packet) {
        return switch (type) {
            case OPEN -> opened(packet);
            case SETSTAT -> named("change attributes of", packet);
            case OPENDIR -> named("list", packet);
            case REMOVE -> named("remove", packet);
            case MKDIR -> named("make directory", packet);
            case RMDIR -> named("remove directory", packet);
            case RENAME -> both("rename", packet, "to");
            case SYMLINK -> both("link", packet, "at");
            case EXTENDED -> extended(packet);
            default -> null;
        };
    }

    private static @Nullable String opened(ByteBuffer packet) {
        String name = name(packet);
        boolean writes = packet.remaining() >= Integer.BYTES && (packet.getInt() & WRITE_FLAG) != 0;
        return name == null ? null : (writes ? "write " : "read ") + name;
    }

    private static @Nullable String extended(ByteBuffer packet) {
        return switch (name(packet)) {
            case "posix-rename@openssh.com" -> both("rename", packet, "to");
            case "hardlink@openssh.com" -> both("link", packet, "at");
            case "copy-data" -> "copy within the host";
            case null, default -> null;
        };
    }

    private static @Nullable String named(String what, ByteBuffer packet) {
        String name = name(packet);
        return name == null ? null : what + " " + name;
    }

    private static @Nullable String both(String what, ByteBuffer packet, String to) {
        String from = name(packet);
        String other = name(packet);
        return from == null || other == null ? null : what + " " + from + " " + to + " " + other;
    }

    private void answer(ByteBuffer packet) {
        int type = packet.get() & 0xff;
        if (packet.remaining() < Integer.BYTES || type != STATUS && type != HANDLE) {
            return;
        }
        String text = waiting.remove(packet.getInt());
        if (text == null) {
            return;
        }
        int code = type == STATUS && packet.remaining() >= Integer.BYTES ? packet.getInt() : 0;
        told.accept(code == 0 ? text : text + ": " + reason(code));
    }

    private static String reason(int code) {
        return switch (code) {
            case 2 -> "no such file";
            case 3 -> "permission denied";
            case 8 -> "not supported";
            default -> "failed";
        };
    }

    /// A string of the packet, as far as it is there, without what would break a line.
    private static @Nullable String name(ByteBuffer packet) {
        if (packet.remaining() < Integer.BYTES) {
            return null;
        }
        int length = packet.getInt();
        if (length < 0 || length > packet.remaining()) {
            return null;
        }
        byte[] bytes = new byte[length];
        packet.get(bytes);
        return OneLine.marked(new String(bytes, StandardCharsets.UTF_8), MAX_NAME);
    }
}
