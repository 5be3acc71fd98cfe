package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/// What goes over the streams of one direction: files and the clipboard. Holds at most [#MOST_TEXT] bytes of each
/// clipboard.
///
/// Thread-safe.
final class Transfers {
    private static final int MOST_TEXT = 4096;

    private final Listener listener;
    private final Map<Integer, Transfer> open = new HashMap<>();

    /// Is told of each that has ended, with at least one byte.
    interface Listener {
        void ended(Transfer transfer);
    }

    /// One of them.
    static final class Transfer {
        final StreamKind kind;
        final String name;
        private final StringBuilder text = new StringBuilder();
        private long bytes;
        private boolean whole;

        Transfer(StreamKind kind, String name) {
            this.kind = kind;
            this.name = name;
        }

        long bytes() {
            return bytes;
        }

        /// Whether its end was said.
        boolean isWhole() {
            return whole;
        }

        /// Of a clipboard, as far as it is kept.
        String text() {
            return text.toString();
        }

        private void add(String base64) {
            int padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
            bytes += base64.length() / 4 * 3L - padding;
            if (kind == StreamKind.CLIPBOARD && text.length() < MOST_TEXT) {
                text.append(decoded(base64));
            }
        }

        private static String decoded(String base64) {
            try {
                return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
    }

    Transfers(Listener listener) {
        this.listener = listener;
    }

    /// After policy has let it pass.
    void passed(Arguments said) throws ProtocolException {
        switch (said.opcode()) {
            case "clipboard" -> begin(said.number(0), new Transfer(StreamKind.CLIPBOARD, ""));
            case "file" -> begin(said.number(0), new Transfer(StreamKind.FILE, said.text(2)));
            case "put", "body" -> begin(said.number(1), object(said));
            case "blob" -> blob(said.number(0), said.text(1));
            case "end" -> end(said.number(0));
            default -> {}
        }
    }

    /// What has not ended is told as not whole.
    synchronized void close() {
        open.values().forEach(this::tell);
        open.clear();
    }

    private static Transfer object(Arguments said) throws ProtocolException {
        boolean isListing = said.text(2).endsWith("stream-index+json");
        return new Transfer(isListing ? StreamKind.LISTING : StreamKind.FILE, said.text(3));
    }

    private synchronized void begin(int index, Transfer transfer) {
        Transfer before = open.put(index, transfer);
        if (before != null) {
            tell(before);
        }
    }

    private synchronized void blob(int index, String base64) {
        Transfer transfer = open.get(index);
        if (transfer != null) {
            transfer.add(base64);
        }
    }

    private synchronized void end(int index) {
        Transfer transfer = open.remove(index);
        if (transfer != null) {
            transfer.whole = true;
            tell(transfer);
        }
    }

    private void tell(Transfer transfer) {
        if (transfer.bytes > 0 && transfer.kind != StreamKind.LISTING) {
            listener.ended(transfer);
        }
    }
}
