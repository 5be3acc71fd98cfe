package dev.culvert.plugin.desktop.guacd;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.guacamole.GuacamoleException;
import org.apache.guacamole.protocol.GuacamoleStatus;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A browser and a connection to guacd, until either ends or somebody ends it.
///
/// Three threads: the exchange's reads the browser, one reads guacd, one watches. The end has an order: goodbye to guacd,
/// its last words to the browser, why it ends, the WebSocket; each within a few seconds, after which what still
/// waits is interrupted.
final class Relay {
    private static final Logger log = LoggerFactory.getLogger(Relay.class);
    private static final Duration WATCH = Duration.ofSeconds(5);
    private static final Duration GOODBYE = Duration.ofSeconds(3);

    private final GuacdSocket guacd;
    private final Browser browser;
    private final Stop stop;
    private final Upward upward;
    private final Downward downward;
    private final CountDownLatch read = new CountDownLatch(1);
    private @Nullable Thread reader;

    /// The watching thread's.
    private @Nullable Thread saying;

    Relay(GuacdSocket guacd, Browser browser, Part part, Stop stop, String id) {
        this.guacd = guacd;
        this.browser = browser;
        this.stop = stop;
        Streams up = new Streams(Streams.OF_BROWSER);
        Streams down = new Streams(Streams.OF_GUACD);
        upward = new Upward(guacd, browser, part, up, down);
        downward = new Downward(guacd, browser, part, up, down, id);
    }

    /// On the exchange's thread, until everything is closed.
    void run() throws InterruptedException {
        reader = Thread.currentThread();
        Thread watch = Thread.ofVirtual().name("guacd-watch").start(this::watch);
        try {
            browser.read(upward);
            stop.end(Ending.LEFT);
        } catch (IOException e) {
            stop.end(Ending.LEFT);
        } finally {
            read.countDown();
            join(watch);
        }
    }

    /// Bounded by what that thread does, which interrupts this one when reading takes too long.
    private static void join(Thread watch) throws InterruptedException {
        boolean _ = Thread.interrupted();
        try {
            watch.join();
        } catch (InterruptedException e) {
            watch.join();
        }
    }

    private void watch() {
        Thread delivering = Thread.ofVirtual().name("guacd-down").start(this::deliver);
        try {
            while (!stop.await(WATCH)) {
                Ending gone = browser.gone();
                if (gone != null) {
                    stop.end(gone);
                }
                keepAlive();
            }
            end(delivering);
        } catch (InterruptedException e) {
            log.debug("nobody interrupts this", e);
        }
    }

    /// A page in the background may be too slow for guacd's 15 s; that somebody is there is for [Browser#gone] to say.
    private void keepAlive() {
        if (saying == null || !saying.isAlive()) {
            // A guacd that reads nothing any more must not keep this thread from ending the
            // session.
            saying = Thread.ofVirtual().name("guacd-nop").start(this::sayNothing);
        }
    }

    private void sayNothing() {
        try {
            guacd.nop();
        } catch (GuacamoleException e) {
            log.debug("guacd is gone, which its reader finds");
        }
    }

    private void deliver() {
        try {
            stop.end(downward.run());
        } catch (IOException e) {
            stop.end(Ending.LEFT);
        } catch (RuntimeException e) {
            log.warn("reading guacd failed", e);
            stop.end(Ending.failed(GuacamoleStatus.SERVER_ERROR, "Something failed at the edge."));
        }
    }

    private void end(Thread delivering) throws InterruptedException {
        Thread goodbye = Thread.ofVirtual().name("guacd-end").start(() -> goodbye(delivering));
        if (!goodbye.join(GOODBYE.plus(GOODBYE))) {
            goodbye.interrupt();
        }
        delivering.interrupt();
        delivering.join();
        try {
            browser.end();
        } catch (IOException e) {
            log.debug("the browser is gone");
        }
        if (!read.await(GOODBYE.toMillis(), TimeUnit.MILLISECONDS) && reader != null) {
            reader.interrupt();
        }
    }

    private void goodbye(Thread delivering) {
        try {
            guacd.disconnect();
            if (delivering.join(GOODBYE)) {
                Ending why = stop.why();
                browser.farewell(why == null ? Ending.LEFT : why);
            }
        } catch (IOException e) {
            log.debug("the browser is gone");
        } catch (InterruptedException e) {
            log.debug("the browser takes nothing");
        }
    }
}
