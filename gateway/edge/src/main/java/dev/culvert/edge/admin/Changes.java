package dev.culvert.edge.admin;

import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.state.StateException;
import java.util.Arrays;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes administrative changes down before they are made. One that cannot be written down is made all
/// the same, so that whoever has to mend the edge is not locked out, and the program's log has it then.
///
/// Thread-safe. Blocking: virtual threads only.
public final class Changes {
    private static final Logger log = LoggerFactory.getLogger(Changes.class);
    private static final long PATIENCE_SECONDS = 5;

    private final @Nullable AuditLog audit;

    /// @param audit null on an edge that asks nobody who they are
    public Changes(@Nullable AuditLog audit) {
        this.audit = audit;
    }

    /// A change.
    @FunctionalInterface
    public interface Work<T> {
        T run() throws StateException;
    }

    /// @param action in the infinitive: the outcome of its event
    /// @param about names and values in turn, without secrets
    public <T> T make(By by, String action, Work<T> work, Object... about) throws StateException {
        note(by, action, about);
        try {
            return work.run();
        } catch (StateException e) {
            if (audit != null) {
                Object[] detail = Arrays.copyOf(about, about.length + 4);
                detail[about.length] = "action";
                detail[about.length + 1] = action;
                detail[about.length + 2] = "reason";
                detail[about.length + 3] = e.code().word();
                audit.record(by.event("failed", detail));
            }
            throw e;
        }
    }

    private void note(By by, String action, Object... about) {
        if (audit == null) {
            return;
        }
        try {
            audit.recorded(by.event(action, about)).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            unwritten(by, action, about, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unwritten(by, action, about, e);
        }
    }

    private static void unwritten(By by, String action, Object[] about, Exception cause) {
        log.warn(
                "Administrative change is not in the audit log action={} by={} about={}",
                action,
                by.actor(),
                Arrays.toString(about),
                cause);
    }
}
