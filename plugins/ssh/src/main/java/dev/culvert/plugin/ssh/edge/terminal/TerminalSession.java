package dev.culvert.plugin.ssh.edge.terminal;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.Recorder;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.SshRights;
import dev.culvert.plugin.edge.SshSettings.Recording;
import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.plugin.ssh.edge.host.HostSession;
import dev.culvert.plugin.ssh.edge.host.SignIn;
import dev.culvert.protocols.websocket.CloseCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One `connect` of a page: the sign-in, and the shell when that worked.
///
/// A thread of its own runs it ([#run]) and sends what the host says; a second one, while the shell is open,
/// sends what is typed. All else comes from the thread that reads the page's messages, and from whoever ends
/// it ([#end]), which any thread may.
final class TerminalSession {
    private static final int PIECE = 32 * 1024;

    private final Admitted admitted;
    private final ClientMessage.Connect asked;
    private final TerminalServices services;
    private final BrowserSocket socket;
    private final TerminalDialog dialog;
    private final Unrendered unrendered = new Unrendered();
    private final TypedBytes typed = new TypedBytes();
    private final AtomicLong fromHost = new AtomicLong();
    private final AtomicLong toHost = new AtomicLong();
    private final Thread thread;
    private final Object state = new Object();
    private @Nullable Ending ending;
    private @Nullable HostSession host;
    private volatile @Nullable HostShell shell;
    private volatile @Nullable Recorder recorder;
    private volatile boolean retry;

    TerminalSession(
            Admitted admitted,
            ClientMessage.Connect asked,
            TerminalServices services,
            BrowserSocket socket) {
        this.admitted = admitted;
        this.asked = asked;
        this.services = services;
        this.socket = socket;
        dialog = new TerminalDialog(socket);
        thread = Thread.ofVirtual().name("ssh-terminal-" + admitted.id()).unstarted(this::run);
    }

    TerminalSession start() {
        thread.start();
        return this;
    }

    void join() throws InterruptedException {
        thread.join();
    }

    /// Whether it is over and the page may ask for another.
    boolean mayBeFollowed() {
        return retry;
    }

    TerminalDialog dialog() {
        return dialog;
    }

    void rendered(long bytes) {
        unrendered.rendered(bytes);
    }

    void typed(ByteBuffer bytes) {
        if (shell != null && !typed.add(bytes)) {
            end(
                    new Ending.Stopped(
                            new RefusedException(
                                    "input_too_fast",
                                    admitted.host() + " does not take what is typed or pasted.",
                                    "Paste less at once, or upload it as a file.")));
        }
    }

    void resize(int columns, int rows) throws IOException {
        HostShell now = shell;
        if (now != null) {
            now.resize(columns, rows);
        }
        Recorder recording = recorder;
        if (recording != null) {
            recording.resize(columns, rows);
        }
    }

    /// Ends it, unless something has already. Quick.
    void end(Ending why) {
        HostSession open;
        synchronized (state) {
            if (ending != null) {
                return;
            }
            ending = why;
            open = host;
            if (open == null) {
                thread.interrupt();
            }
        }
        dialog.end();
        unrendered.end();
        typed.end();
        if (open != null) {
            Thread.ofVirtual().name("ssh-terminal-close").start(open::close);
        }
    }

    private void run() {
        try {
            converse();
        } catch (RefusedException e) {
            refused(e);
        } catch (IOException e) {
            refused(
                    new RefusedException(
                            "host_failed",
                            "The session with "
                                    + admitted.host()
                                    + " broke: "
                                    + e.getMessage()
                                    + ".",
                            "Connect again."));
        } catch (InterruptedException e) {
            // By end(): nobody waits for an answer.
            Thread.interrupted();
        } finally {
            dialog.end();
        }
    }

    private void converse() throws IOException, InterruptedException {
        if (!admitted.ssh().allows(SshRights.Use.SHELL)) {
            throw new RefusedException(
                    "denied",
                    "The policy lets "
                            + admitted.actor()
                            + " open no terminal at "
                            + admitted.host()
                            + ".",
                    "Ask the owner of the application for ssh.allow: shell.");
        }
        socket.text(ServerMessage.state("connecting"));
        try (HostSession opened =
                services.hosts().open(admitted, asked.login(), signIn(), dialog)) {
            if (!take(opened)) {
                return;
            }
            try (Recorder recording = record();
                    HostShell opening = HostShell.open(opened, asked)) {
                shell = opening;
                serve(opened, opening, recording);
            }
        }
    }

    private SignIn signIn() {
        return switch (asked.method()) {
            case CERTIFICATE -> new SignIn.Certificate();
            case PASSWORD -> new SignIn.Password();
            case KEY ->
                    new SignIn.PastedKey(
                            (asked.key().strip() + "\n").getBytes(StandardCharsets.UTF_8),
                            asked.passphrase());
        };
    }

    /// @return false when it was ended while it was opened
    private boolean take(HostSession opened) {
        synchronized (state) {
            host = opened;
            // An interrupt that came too late for the sign-in must not meet what follows.
            return !Thread.interrupted() && ending == null;
        }
    }

    private @Nullable Recorder record() throws IOException {
        Recording mode = admitted.ssh().settings().recording();
        if (mode == Recording.OFF) {
            return null;
        }
        Recorder begun =
                services.edge()
                        .recordings()
                        .begin(
                                new Recordings.Subject(
                                        admitted,
                                        "ssh",
                                        asked.login(),
                                        "browser",
                                        asked.columns(),
                                        asked.rows(),
                                        "",
                                        admitted.ssh().rights().recordInput()),
                                mode == Recording.REQUIRED
                                        ? Recorder.Mode.REQUIRED
                                        : Recorder.Mode.BEST_EFFORT);
        recorder = begun;
        begun.onFailure(reason ->
                end(
                        new Ending.Stopped(
                                new RefusedException(
                                        "recording_failed",
                                        "The session has ended because it cannot be recorded: "
                                                + reason
                                                + ".",
                                        "Ask the edge's owner, who sees why in its log."))));
        begun.onEnd(reason ->
                end(
                        new Ending.Stopped(
                                new RefusedException(
                                        "session_ended",
                                        "The session was ended: " + reason + ".",
                                        "Ask the edge's owner."))));
        return begun;
    }

    private void serve(HostSession opened, HostShell open, @Nullable Recorder recording)
            throws IOException, InterruptedException {
        OpenTerminal terminal = services.open().add(opened, recording);
        Instant began = services.edge().clock().instant();
        String recordingId = recording == null || recording.isFailed() ? "" : recording.id();
        boolean files = admitted.ssh().allows(SshRights.Use.SFTP);
        audit("opened", "recording", recordingId);
        Thread input = Thread.ofVirtual().name("ssh-typed").unstarted(() -> sendTyped(open));
        try {
            socket.text(ServerMessage.open(terminal.id(), terminal.csrf(), recordingId, files));
            input.start();
            show(dialog.banner().getBytes(StandardCharsets.UTF_8), recording);
            pump(open.output(), recording);
            if (why() == null) {
                open.awaitEnd();
            }
        } catch (IOException e) {
            // The page is gone, or the host cut off in the middle: there is nothing to send.
            end(new Ending.PageGone());
        } finally {
            typed.end();
            opened.close();
            services.open().remove(terminal);
            input.join();
            audit(
                    "ended",
                    "seconds",
                    Duration.between(began, services.edge().clock().instant()).toSeconds(),
                    "to_host",
                    toHost.get(),
                    "from_host",
                    fromHost.get(),
                    "reason",
                    why() == null ? "exit" : String.valueOf(why().word()));
        }
        sayEnd(open);
    }

    private @Nullable Ending why() {
        synchronized (state) {
            return ending;
        }
    }

    /// Until the shell ends, or it is ended.
    private void pump(InputStream output, @Nullable Recorder recording)
            throws IOException, InterruptedException {
        byte[] bytes = new byte[PIECE];
        int count = output.read(bytes);
        while (count >= 0 && send(bytes, count, recording)) {
            count = output.read(bytes);
        }
    }

    private void show(byte[] banner, @Nullable Recorder recording)
            throws IOException, InterruptedException {
        if (banner.length > 0) {
            boolean _ = send(banner, banner.length, recording);
        }
    }

    /// @return false when nothing is sent any more
    private boolean send(byte[] bytes, int count, @Nullable Recorder recording)
            throws IOException, InterruptedException {
        if (!unrendered.add(count)) {
            return false;
        }
        if (recording != null) {
            recording.output(bytes, 0, count);
        }
        socket.binary(bytes, count);
        fromHost.addAndGet(count);
        return true;
    }

    private void sendTyped(HostShell open) {
        Recorder recording = recorder;
        try {
            typed.sendTo((bytes, offset, length) -> {
                if (recording != null) {
                    recording.input(bytes, offset, length);
                }
                open.input().write(bytes, offset, length);
                open.input().flush();
                toHost.addAndGet(length);
            });
        } catch (IOException e) {
            // The shell takes no more; that it has ended shows in its output.
            typed.end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void sayEnd(HostShell open) throws IOException {
        switch (why()) {
            case null -> {
                boolean said = open.status() != null || open.signal() != null;
                String message = said ? "" : "The connection to " + admitted.host() + " was lost.";
                socket.text(ServerMessage.exit(open.status(), open.signal(), message));
                socket.close(CloseCode.NORMAL, "");
            }
            case Ending.Stopped stopped -> {
                socket.text(ServerMessage.error(stopped.why(), false));
                socket.close(CloseCode.INTERNAL_ERROR, "");
            }
            case Ending.PageGone _ -> socket.close(CloseCode.NORMAL, "");
            case Ending.Revoked _ -> {}
        }
    }

    /// Nothing was opened, or it was ended before.
    private void refused(RefusedException reason) {
        Ending ended = why();
        RefusedException why = ended instanceof Ending.Stopped stopped ? stopped.why() : reason;
        audit("denied", "code", why.code());
        if (ended instanceof Ending.PageGone || ended instanceof Ending.Revoked) {
            return;
        }
        boolean again = !why.code().equals("denied");
        try {
            retry = again;
            socket.text(ServerMessage.error(why, again));
            if (!again) {
                socket.close(CloseCode.INTERNAL_ERROR, "");
            }
        } catch (IOException e) {
            // The page is gone, which its reading side finds.
            retry = false;
        }
    }

    private void audit(String outcome, Object... details) {
        Object[] all = new Object[details.length + 6];
        all[0] = "via";
        all[1] = "browser";
        all[2] = "login";
        all[3] = asked.login();
        all[4] = "method";
        all[5] = asked.method().name().toLowerCase(Locale.ROOT);
        System.arraycopy(details, 0, all, 6, details.length);
        services.edge().audit(AuditNote.of(admitted, outcome, all));
    }
}
