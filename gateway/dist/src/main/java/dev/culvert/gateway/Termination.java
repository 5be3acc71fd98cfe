package dev.culvert.gateway;

import java.lang.reflect.Proxy;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Turns SIGTERM and SIGINT into an orderly end: the waiting thread is released, cleans up, and only
/// then the process goes. A second signal ends the process at once, with the same status.
///
/// Thread-safe.
final class Termination {
    private static final Logger log = LoggerFactory.getLogger(Termination.class);
    private static final Map<String, Integer> SIGNALS = Map.of("INT", 2, "TERM", 15);

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);

    Termination() {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    asked.countDown();
                                    endAtNextSignal();
                                    try {
                                        done.await();
                                    } catch (InterruptedException e) {
                                        Thread.currentThread().interrupt();
                                    }
                                },
                                "termination"));
    }

    /// While it shuts down the JVM takes no notice of further signals. `sun.misc.Signal` is in every JDK,
    /// but the compiler warns of it beyond suppression; without it a second signal has no effect.
    private static void endAtNextSignal() {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            for (Map.Entry<String, Integer> each : SIGNALS.entrySet()) {
                Object halting =
                        Proxy.newProxyInstance(
                                Termination.class.getClassLoader(),
                                new Class<?>[] {handler},
                                (proxy, method, arguments) -> {
                                    if (method.getName().equals("handle")) {
                                        Runtime.getRuntime().halt(128 + each.getValue());
                                    }
                                    return null;
                                });
                signal.getMethod("handle", signal, handler)
                        .invoke(
                                null,
                                signal.getConstructor(String.class).newInstance(each.getKey()),
                                halting);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.debug("a second signal will have no effect", e);
        }
    }

    /// Ends the wait of [#await] as a signal would.
    void ask() {
        asked.countDown();
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /// Everything is cleaned up.
    void finished() {
        done.countDown();
    }
}
