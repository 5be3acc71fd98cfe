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
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
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

    /// Lines that wait to be drawn; more are dropped here, the log has them.
    private static final int MOST_WAITING = 1000;

    private final Terminal terminal;
    private final Looks looks;
    private final Display display;
    private final BlockingQueue<Line> above = new LinkedBlockingQueue<>(MOST_WAITING);
    private volatile boolean resized;
    private volatile boolean over;

    LiveView(Terminal terminal, Looks looks) {
        this.terminal = terminal;
        this.looks = looks;
        display = new Display(terminal, false);
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
            fit();
            while (!over) {
                draw(frame);
                over |= isKeyPressed(every);
            }
            drain();
            display.update(lines(frame), -1);
            terminal.writer().println();
        } finally {
            terminal.handle(Signal.INT, interrupt);
            terminal.handle(Signal.WINCH, resize);
            terminal.setAttributes(before);
            terminal.flush();
        }
    }

    private void draw(IntFunction<List<Line>> frame) {
        if (resized) {
            resized = false;
            // What the terminal made of the old lines is not known: they may be wrapped.
            terminal.puts(Capability.clear_screen);
            fit();
        }
        drain();
        display.update(lines(frame), 0);
    }

    private void drain() {
        List<Line> waiting = new ArrayList<>();
        above.drainTo(waiting);
        if (!waiting.isEmpty()) {
            display.update(List.of(), 0);
            waiting.forEach(line -> looks.of(line).println(terminal));
            display.reset();
        }
    }

    private void fit() {
        @Nullable Status status = Status.getStatus(terminal, false);
        if (status != null) {
            status.resize();
            status.redraw();
        }
        display.resize(rows(), columns());
        display.reset();
    }

    private int rows() {
        @Nullable Status status = Status.getStatus(terminal, false);
        return Math.max(2, terminal.getRows() - (status == null ? 0 : status.size()));
    }

    private int columns() {
        return Math.max(10, terminal.getColumns());
    }

    private List<AttributedString> lines(IntFunction<List<Line>> frame) {
        List<Line> all = frame.apply(columns() - 1);
        int most = rows() - 1;
        List<Line> shown = all;
        if (all.size() > most) {
            shown = new ArrayList<>(all.subList(0, most - 1));
            shown.add(Line.of(Tone.FAINT, "… " + (all.size() - most + 1) + " more"));
        }
        return shown.stream()
                .map(line -> line.width() < columns() ? line : line.fitted(columns() - 1, false))
                .map(looks::of)
                .toList();
    }

    private boolean isKeyPressed(Duration within) throws IOException {
        long end = System.nanoTime() + within.toNanos();
        while (!over && !resized && above.isEmpty() && System.nanoTime() < end) {
            int read = terminal.reader().read(GLANCE_MILLIS);
            if (read != NonBlockingReader.READ_EXPIRED) {
                skipRestOfKey();
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
