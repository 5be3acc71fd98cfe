package dev.culvert.plugin.desktop.guacd;

import dev.culvert.protocols.ProtocolException;

/// What of guacd's instructions goes to a browser: pictures, and what its [Rights] hold.
///
/// For the thread that reads guacd.
final class GuacdPolicy {
    private static final String LISTING = "application/vnd.glyptodon.guacamole.stream-index+json";

    private final Rights rights;
    private final Streams up;
    private final Streams down;

    /// @param up those the browser has opened
    /// @param down written here
    GuacdPolicy(Rights rights, Streams up, Streams down) {
        this.rights = rights;
        this.up = up;
        this.down = down;
    }

    Verdict judge(Arguments said) throws ProtocolException {
        return switch (said.opcode()) {
            case "sync", "size", "mouse", "cursor", "copy", "rect", "cfill", "move", "dispose" ->
                    Verdict.PASS;
            case "transfer", "transform", "identity", "distort", "shade", "set", "png", "jpeg" ->
                    Verdict.PASS;
            case "push", "pop", "reset", "start", "line", "arc", "curve", "close", "clip" ->
                    Verdict.PASS;
            case "cstroke", "lfill", "lstroke", "name" -> Verdict.PASS;
            case "nop" -> Verdict.PASS_UNRECORDED;
            case "img" -> opened(said, 0, true, StreamKind.IMAGE, "image");
            case "audio" -> opened(said, 0, rights.audio(), StreamKind.AUDIO, "audio");
            case "clipboard" ->
                    opened(said, 0, rights.clipboardOut(), StreamKind.CLIPBOARD, "clipboard_out");
            case "file" -> opened(said, 0, rights.filesOut(), StreamKind.FILE, "files_out");
            case "filesystem", "undefine" ->
                    rights.files() ? Verdict.PASS_UNRECORDED : Verdict.DROP;
            case "body" -> body(said);
            case "video", "pipe", "argv" ->
                    opened(said, 0, false, StreamKind.REFUSED, said.opcode());
            case "blob" -> continued(down.kind(said.number(0)));
            case "end" -> continued(down.end(said.number(0)));
            case "ack" -> answered(said);
            default -> Verdict.DROP;
        };
    }

    private Verdict body(Arguments said) throws ProtocolException {
        return said.text(2).equals(LISTING)
                ? opened(said, 1, rights.files(), StreamKind.LISTING, "files")
                : opened(said, 1, rights.filesOut(), StreamKind.FILE, "files_out");
    }

    private Verdict opened(Arguments said, int at, boolean allowed, StreamKind kind, String what)
            throws ProtocolException {
        int index = said.number(at);
        down.open(index, allowed ? kind : StreamKind.REFUSED);
        return allowed ? passed(kind) : new Verdict.Deny(what, BrowserPolicy.refusal(index));
    }

    private static Verdict continued(StreamKind kind) {
        return switch (kind) {
            case NONE, REFUSED -> Verdict.DROP;
            default -> passed(kind);
        };
    }

    /// Recordings show pictures and the clipboard.
    private static Verdict passed(StreamKind kind) {
        return kind == StreamKind.IMAGE || kind == StreamKind.CLIPBOARD
                ? Verdict.PASS
                : Verdict.PASS_UNRECORDED;
    }

    private Verdict answered(Arguments said) throws ProtocolException {
        int index = said.number(0);
        boolean isBrowsers =
                index >= 0 && index < Streams.OF_BROWSER && up.kind(index) != StreamKind.NONE;
        return isBrowsers ? Verdict.PASS_UNRECORDED : Verdict.DROP;
    }
}
