package dev.culvert.connector.precheck;

import dev.culvert.connector.precheck.Precheck.Outcome;
import dev.culvert.connector.precheck.Precheck.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Runs prechecks side by side, beside everything else, and gives up on what takes longer than
/// [#WITHIN]. They never stop or delay a tunnel. Stateless.
public final class Prechecks {
    static final Duration WITHIN = Duration.ofSeconds(10);

    private Prechecks() {}

    /// Blocking, for at most [#WITHIN].
    ///
    /// @param checks by component, in the order of the table
    public static Report run(Map<String, Precheck> checks) throws InterruptedException {
        return run(checks, WITHIN);
    }

    static Report run(Map<String, Precheck> checks, Duration within) throws InterruptedException {
        List<Row> rows = new ArrayList<>();
        ExecutorService threads =
                Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("precheck-", 0).factory());
        try {
            List<Future<List<Row>>> found =
                    threads.invokeAll(
                            checks.values().stream()
                                    .<Callable<List<Row>>>map(check -> check::look)
                                    .toList(),
                            within.toMillis(),
                            TimeUnit.MILLISECONDS);
            int i = 0;
            for (String component : checks.keySet()) {
                rows.addAll(rows(component, found.get(i++), within));
            }
        } finally {
            // Not close(): that would wait for one that cannot be interrupted.
            threads.shutdownNow();
        }
        return new Report(List.copyOf(rows));
    }

    private static List<Row> rows(String component, Future<List<Row>> found, Duration within)
            throws InterruptedException {
        try {
            return found.get();
        } catch (CancellationException e) {
            return List.of(
                    new Row(
                            component,
                            "-",
                            Outcome.FAIL,
                            "no answer within " + within.toSeconds() + " s",
                            "check the network and the name servers"));
        } catch (ExecutionException e) {
            return List.of(new Row(component, "-", Outcome.SKIP, String.valueOf(e.getCause()), ""));
        }
    }
}
