package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.Viewing;
import dev.culvert.plugin.edge.LiveSession.Overseer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// A page, and what runs behind its WebSocket. Closed as when the tab is closed.
record Running(TestPage page, CompletableFuture<Void> done) implements AutoCloseable {
    /// Only guards against hanging.
    static final long SECONDS = 120;

    private interface Work {
        void run(TestPage page) throws Exception;
    }

    private static Running start(Work work) throws IOException {
        TestPage page = new TestPage();
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("exchange")
                .start(() -> {
                    try {
                        work.run(page);
                        done.complete(null);
                    } catch (Exception | AssertionError e) {
                        done.completeExceptionally(e);
                    }
                });
        return new Running(page, done);
    }

    static Running session(TestServices services, TestDesktop session) throws IOException {
        return start(page -> new Guacd(services).run(session, page));
    }

    static Running watcher(Viewing viewing, boolean control) throws IOException {
        return start(page -> viewing.join(new Overseer("eve@example.com", control), page));
    }

    interface Action {
        void act() throws IOException;
    }

    /// Does it until there is a file, since a shell or a clipboard that is just starting loses something.
    static void untilFile(Path file, Action action) throws IOException {
        await(() -> Files.exists(file), file.toString(), action);
        Files.delete(file);
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /// Does it every other second until that is so.
    private static void await(Condition condition, String what, Action action) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        long again = System.nanoTime();
        while (!condition.holds()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("no " + what);
            }
            if (System.nanoTime() >= again) {
                action.act();
                again = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    void typeUntilFile(Path file) throws IOException {
        untilFile(file, () -> page.type("touch " + file.getFileName() + "\n"));
    }

    /// Selects the host's whole screen until that is on its clipboard.
    void selectUntil(String text) throws IOException {
        page.forget();
        await(
                () -> page.allReceived().contains(text),
                text + " on the clipboard",
                () -> {
                    page.say("mouse", 12, 12, 0);
                    page.say("mouse", 12, 12, 1);
                    page.say("mouse", 900, 600, 1);
                    page.say("mouse", 900, 600, 0);
                });
    }

    /// Asks for a size until guacd says it: xrdp loses some requests.
    void resizeUntil(String said, int width, int height) throws IOException {
        await(
                () -> page.hasHeard(heard -> heard.toString().equals(said)),
                said,
                () -> page.say("size", width, height));
    }

    /// What guacd or a host writes in its own time.
    static void awaitFile(Path file, long bytes) throws IOException {
        await(
                () -> Files.exists(file) && Files.size(file) >= bytes,
                bytes + " bytes in " + file,
                () -> {});
    }

    /// The exchange has been answered to its end, without an exception.
    void awaitEnd() throws Exception {
        done.get(SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() throws Exception {
        page.close();
        awaitEnd();
    }
}
