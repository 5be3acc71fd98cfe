package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.Screen;
import dev.culvert.protocols.ProtocolException;
import org.apache.guacamole.protocol.GuacamoleInstruction;
import org.apache.guacamole.protocol.GuacamoleStatus;

/// What of a browser's instructions goes to guacd, whatever its page offers: those that are known here and that its
/// [Rights] hold.
///
/// For the thread that reads the browser.
final class BrowserPolicy {
    private final Rights rights;
    private final Streams up;
    private final Streams down;

    /// @param up written here
    /// @param down those guacd has opened
    BrowserPolicy(Rights rights, Streams up, Streams down) {
        this.rights = rights;
        this.up = up;
        this.down = down;
    }

    Verdict judge(Arguments said) throws ProtocolException {
        return switch (said.opcode()) {
            case "sync", "nop", "disconnect" -> Verdict.PASS;
            case "ack" -> answered(said);
            case "size" -> resized(said);
            case "key" -> input(said, 2);
            case "mouse" -> input(said, 3);
            case "touch" -> input(said, 1);
            case "clipboard" ->
                    opened(said, 0, rights.clipboardIn(), StreamKind.CLIPBOARD, "clipboard_in");
            case "file" -> opened(said, 0, rights.filesIn(), StreamKind.FILE, "files_in");
            case "put" -> opened(said, 1, rights.filesIn(), StreamKind.FILE, "files_in");
            case "get" -> rights.files() ? Verdict.PASS : new Verdict.DenySilently("files");
            case "audio", "video", "pipe", "argv" ->
                    opened(said, 0, false, StreamKind.REFUSED, said.opcode());
            case "blob" -> continued(up.kind(said.number(0)));
            case "end" -> continued(up.end(said.number(0)));
            default -> new Verdict.DenySilently("unknown");
        };
    }

    private Verdict answered(Arguments said) throws ProtocolException {
        StreamKind kind = down.kind(said.number(0));
        return kind == StreamKind.NONE || kind == StreamKind.REFUSED ? Verdict.DROP : Verdict.PASS;
    }

    private Verdict resized(Arguments said) throws ProtocolException {
        boolean fits = fits(said.number(0)) && fits(said.number(1));
        return rights.resize() && fits ? Verdict.PASS : Verdict.DROP;
    }

    private static boolean fits(int pixels) {
        return pixels >= Screen.LEAST && pixels <= Screen.MOST;
    }

    /// Numbers of guacd's are decimal integers, apart from those of touches behind the first.
    private Verdict input(Arguments said, int numbers) throws ProtocolException {
        for (int i = 0; i < numbers; i++) {
            said.number(i);
        }
        return rights.input() ? Verdict.PASS : new Verdict.DenySilently("input");
    }

    private Verdict opened(Arguments said, int at, boolean allowed, StreamKind kind, String what)
            throws ProtocolException {
        int index = said.number(at);
        up.open(index, allowed ? kind : StreamKind.REFUSED);
        return allowed ? Verdict.PASS : new Verdict.Deny(what, refusal(index));
    }

    private static Verdict continued(StreamKind kind) {
        return kind == StreamKind.NONE || kind == StreamKind.REFUSED ? Verdict.DROP : Verdict.PASS;
    }

    /// For whoever opened a stream that goes no further.
    static GuacamoleInstruction refusal(int stream) {
        return new GuacamoleInstruction(
                "ack",
                Integer.toString(stream),
                "not permitted here",
                Integer.toString(GuacamoleStatus.CLIENT_FORBIDDEN.getGuacamoleStatusCode()));
    }
}
