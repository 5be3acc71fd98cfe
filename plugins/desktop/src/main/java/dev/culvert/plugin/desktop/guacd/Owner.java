package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.edge.OneLine;
import dev.culvert.protocols.ProtocolException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;

/// A session's user: what passes is recorded and written down, and the first picture makes it connected. Thread-safe.
final class Owner implements Part {
    private static final int LONGEST_NAME = 255;

    private final DesktopSession session;
    private final Rights rights;
    private final TunnelPort port;
    private final SignIn signIn;
    private final @Nullable Tape tape;
    private final Runnable onShown;
    private final Transfers toHost = new Transfers(transfer -> note("in", transfer));
    private final Transfers fromHost = new Transfers(transfer -> note("out", transfer));
    private final Set<String> denied = ConcurrentHashMap.newKeySet();

    private final FirstFrame first = new FirstFrame();
    private volatile boolean shown;

    /// @param onShown called with the first picture
    Owner(
            DesktopSession session,
            Rights rights,
            TunnelPort port,
            GuacdSocket guacd,
            @Nullable Tape tape,
            Runnable onShown) {
        this.session = session;
        this.rights = rights;
        this.port = port;
        this.tape = tape;
        this.onShown = onShown;
        signIn = new SignIn(session.login(), guacd);
    }

    @Override
    public Rights rights() {
        return rights;
    }

    @Override
    public void active() {
        session.active();
    }

    @Override
    public void up(Arguments said) throws ProtocolException {
        toHost.passed(said);
        if (tape != null) {
            tape.done(said);
        }
    }

    @Override
    public void down(Arguments said, boolean recorded) throws ProtocolException {
        fromHost.passed(said);
        if (recorded && tape != null) {
            tape.shown(said.instruction());
        }
        if (!shown && first.completes(said, port.isHeard())) {
            shown = true;
            onShown.run();
        }
    }

    @Override
    public void denied(String what) {
        if (denied.add(what)) {
            session.note("denied", "what", what);
        }
    }

    @Override
    public @Nullable Ending required(List<String> names) {
        try {
            return signIn.answer(names);
        } catch (GuacamoleException e) {
            return null; // guacd has gone, which its reader finds.
        }
    }

    @Override
    public Ending ended(@Nullable GuacamoleStatus status) {
        return HostEnding.of(status, port.failure(), shown);
    }

    /// It is over: what had not come to its end is written down, too.
    void close() {
        toHost.close();
        fromHost.close();
    }

    private void note(String direction, Transfers.Transfer transfer) {
        switch (transfer.kind) {
            case FILE -> file(direction, transfer);
            case CLIPBOARD -> clipboard(direction, transfer);
            default -> {}
        }
    }

    private void file(String direction, Transfers.Transfer transfer) {
        String name = OneLine.marked(transfer.name, LONGEST_NAME);
        String whole = transfer.isWhole() ? "whole" : "cut";
        session.note(
                "file_" + direction, "name", name, "bytes", transfer.bytes(), "transfer", whole);
        if (tape != null) {
            String way = direction.equals("in") ? "to the host" : "from the host";
            tape.event("file", way + ": " + name + ", " + transfer.bytes() + " bytes, " + whole);
        }
    }

    private void clipboard(String direction, Transfers.Transfer transfer) {
        if (tape != null) {
            boolean isTyped = direction.equals("in");
            String way = isTyped ? "to the host" : "from the host";
            boolean isShown = !isTyped || tape.holdsKeys();
            String text = isShown ? ": " + transfer.text() : "";
            tape.event("clipboard", way + ", " + transfer.bytes() + " bytes" + text);
        }
    }
}
