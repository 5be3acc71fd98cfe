package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.TestEntry;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Login;
import dev.culvert.plugin.desktop.session.Screen;
import dev.culvert.plugin.desktop.session.Viewing;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A session as its engine sees it; what the engine says about it is kept for the test.
final class TestDesktop implements DesktopSession {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    final CompletableFuture<Boolean> connected = new CompletableFuture<>();
    final CompletableFuture<Viewing> viewing = new CompletableFuture<>();
    final CompletableFuture<String> ended = new CompletableFuture<>();
    final CompletableFuture<String> recording = new CompletableFuture<>();
    final List<String> notes = new CopyOnWriteArrayList<>();
    final AtomicInteger activity = new AtomicInteger();
    private final String id =
            "test" + ProcessHandle.current().pid() + "x" + NUMBER.incrementAndGet();
    private final Admitted admitted;
    private final Login login;
    private final boolean nla;
    private final String certificate;
    private final Screen screen = new Screen(1024, 768, 96, "Europe/Berlin", "");

    /// @param certificate of the host, as it was judged
    TestDesktop(Admitted admitted, Login login, boolean nla, String certificate) {
        this.admitted = admitted;
        this.login = login;
        this.nla = nla;
        this.certificate = certificate;
    }

    static TestDesktop of(String kind, DesktopSettings settings, int port, Login login) {
        return new TestDesktop(TestEntry.ann(kind, port, settings), login, false, "");
    }

    static Login login(String user, String password) {
        return new Login(user, "", password.toCharArray(), false);
    }

    /// Of an outcome, without it.
    List<String> notes(String outcome) {
        List<String> found = new ArrayList<>();
        for (String note : notes) {
            if (note.startsWith(outcome + " ")) {
                found.add(note.substring(outcome.length() + 1));
            }
        }
        return found;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Admitted admitted() {
        return admitted;
    }

    @Override
    public Login login() {
        return login;
    }

    @Override
    public Screen screen() {
        return screen;
    }

    @Override
    public String certificate() {
        return certificate;
    }

    @Override
    public boolean nla() {
        return nla;
    }

    @Override
    public void active() {
        activity.incrementAndGet();
    }

    @Override
    public void connected() {
        connected.complete(true);
    }

    @Override
    public void onEnd(Consumer<String> callback) {
        ended.thenAccept(callback);
    }

    @Override
    public void end(String reason) {
        ended.complete(reason);
    }

    @Override
    public void watchable(Viewing view) {
        viewing.complete(view);
    }

    @Override
    public void recordedAs(String name) {
        recording.complete(name);
    }

    @Override
    public void note(String outcome, Object... details) {
        StringBuilder line = new StringBuilder(outcome);
        for (Object detail : details) {
            line.append(' ').append(detail);
        }
        notes.add(line.toString());
    }
}
