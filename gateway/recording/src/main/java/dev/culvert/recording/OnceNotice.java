package dev.culvert.recording;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Something that happens once, and whoever wants to hear of it: each on a virtual thread of its own, since
/// nobody here waits for others. Thread-safe.
final class OnceNotice {
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private @Nullable String reason;

    /// At once when it has happened already.
    void listen(Consumer<String> listener) {
        String known;
        synchronized (this) {
            known = reason;
            if (known == null) {
                listeners.add(listener);
            }
        }
        if (known != null) {
            tell(listener, known);
        }
    }

    /// @return false when it has happened already
    boolean happen(String why) {
        List<Consumer<String>> told;
        synchronized (this) {
            if (reason != null) {
                return false;
            }
            reason = why;
            told = List.copyOf(listeners);
            listeners.clear();
        }
        told.forEach(listener -> tell(listener, why));
        return true;
    }

    private static void tell(Consumer<String> listener, String why) {
        Thread.ofVirtual().name("recording-notice").start(() -> listener.accept(why));
    }

    synchronized @Nullable String reason() {
        return reason;
    }
}
