package dev.culvert.gateway;

import java.io.Console;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// SIGHUP as services understand it: read the configuration again. A program on a terminal keeps the
/// signal's first meaning, the terminal has gone, and ends.
///
/// The JVM has no public interface for signals: `sun.misc.Signal` of the module `jdk.unsupported` is
/// called reflectively, because the compiler warns of it otherwise. Without it nothing changes: the
/// file is watched anyway. Stateless.
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /// @param action quick; called on a thread of the JVM's
    static void onSignal(Runnable action) {
        Console console = System.console();
        if (console != null && console.isTerminal()) {
            return;
        }
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Object ours =
                    Proxy.newProxyInstance(
                            HangUp.class.getClassLoader(),
                            new Class<?>[] {handler},
                            (self, method, arguments) ->
                                    switch (method.getName()) {
                                        case "handle" -> {
                                            action.run();
                                            yield null;
                                        }
                                        case "hashCode" -> System.identityHashCode(self);
                                        case "equals" -> self == arguments[0];
                                        default -> "SIGHUP reads the configuration again";
                                    });
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"), ours);
        } catch (ReflectiveOperationException | RuntimeException e) {
            log.debug("SIGHUP keeps its meaning reason={}", e.toString());
        }
    }
}
