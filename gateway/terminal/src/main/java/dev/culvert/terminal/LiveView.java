package dev.culvert.terminal;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.IntFunction;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Status;
import org.jspecify.annotations.Nullable;

/// Lines that are drawn again in place until a key is pressed. What is said meanwhile appears above them.
///
/// Drawn by the thread that runs it; [#say] may be called by any.
final class LiveView {
    /// How long a key, a resize or a line from elsewhere may wait.
    private static final int GLANCE_MILLIS = 100;

    private static final int ESCAPE = 27;

    /// Lines that wait to be drawn; more are dropped here, the log has them.
    private static final int MOST_WAITING = 1000;

    private final Terminal terminal;
    private final Looks looks;
    private int drawn;
    private final BlockingQueue<Line> above = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean resized;
    private volatile boolean over;

    LiveView(Terminal terminal, Looks looks) {
        this.terminal = terminal;
        this.looks = looks;
    }

    void say(Line line) {
        above.offer(line);
    }

    /// Draws until a key, or Ctrl-C.
    ///
    /// @param frame the lines for a width
    void run(Duration every, IntFunction<List<Line>> frame) throws IOException {
        Attributes before = terminal.enterRawMode();
        SignalHandler interrupt = terminal.handle(Signal.INT, _ -> over = true);
        SignalHandler resize = terminal.handle(Signal.WINCH, _ -> resized = true);
        try {
            while (!over) {
                draw(frame.apply(columns() - 1));
                over |= isKeyPressed(every);
            }
            drain();
        } finally {
            terminal.handle(Signal.INT, interrupt);
            terminal.handle(Signal.WINCH, resize);
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    /// Each line is ended, never wrapped: terminals that are resized later put wrapped lines together again.
    private void draw(List<Line> all) {
        if (resized) {
            resized = false;
            // What the terminal made of the old lines is not known: they may be wrapped.
            terminal.puts(Capability.clear_screen);
            drawn = 0;
            fitStatus();
        }
        terminal.beginSynchronizedUpdate();
        drain();
        back();
        List<Line> lines = shortened(all);
        lines.forEach(this::write);
        for (int i = lines.size(); i < drawn; i++) {
            write(Line.EMPTY);
        }
        for (int i = lines.size(); i < drawn; i++) {
            terminal.puts(Capability.cursor_up);
        }
        drawn = lines.size();
        terminal.endSynchronizedUpdate();
        terminal.flush();
    }

    /// To the first line that was drawn.
    private void back() {
        terminal.writer().write('\r');
        for (int i = 0; i < drawn; i++) {
            terminal.puts(Capability.cursor_up);
        }
    }

    private void write(Line line) {
        Line fitting = line.width() < columns() ? line : line.fitted(columns() - 1, false);
        terminal.writer().print(looks.of(fitting).toAnsi(terminal));
        terminal.puts(Capability.clr_eol);
        terminal.writer().println();
    }

    private List<Line> shortened(List<Line> all) {
        int most = rows() - 1;
        List<Line> shown = new ArrayList<>(all);
        shown.add(Line.of(Tone.FAINT, "any key ends"));
        if (shown.size() > most) {
            int left = shown.size() - most + 1;
            shown = new ArrayList<>(all.subList(0, Math.max(0, most - 1)));
            shown.add(Line.of(Tone.FAINT, "… " + left + " more; any key ends"));
        }
        return shown;
    }

    /// What was said meanwhile takes the place of the table, which is drawn anew below.
    private void drain() {
        List<Line> waiting = new ArrayList<>();
        above.drainTo(waiting);
        if (waiting.isEmpty()) {
            return;
        }
        back();
        waiting.forEach(this::write);
        // Of the old table only the cursor's distance to its end is left.
        int left = Math.max(0, drawn - waiting.size());
        for (int i = 0; i < left; i++) {
            write(Line.EMPTY);
        }
        for (int i = 0; i < left; i++) {
            terminal.puts(Capability.cursor_up);
        }
        drawn = 0;
    }

    private void fitStatus() {
        @Nullable Status status = Status.getStatus(terminal, false);
        if (status != null) {
            status.resize();
            status.redraw();
        }
    }

    private int rows() {
        @Nullable Status status = Status.getStatus(terminal, false);
        return Math.max(2, terminal.getRows() - (status == null ? 0 : status.size()));
    }

    private int columns() {
        return Math.max(10, terminal.getColumns());
    }

    private boolean isKeyPressed(Duration within) throws IOException {
        long end = System.nanoTime() + within.toNanos();
        while (!over && !resized && above.isEmpty() && System.nanoTime() < end) {
            int read = terminal.reader().read(GLANCE_MILLIS);
            if (read == ESCAPE) {
                skipRestOfKey();
            }
            if (read != NonBlockingReader.READ_EXPIRED) {
                return true;
            }
        }
        return false;
    }

    /// An arrow is several characters; none of them belongs into the next command.
    private void skipRestOfKey() throws IOException {
        while (terminal.reader().peek(1) >= 0) {
            terminal.reader().read();
        }
    }
}
