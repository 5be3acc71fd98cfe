package dev.culvert.bench.cases;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs blocking tasks at once, each on a virtual thread, and waits for all. Holds no state.
final class Together {
    private Together() {}

    /// @return their results, in order
    /// @throws Exception the first failure, when all have ended
    static <T> List<T> run(int count, IndexedTask<T> task) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<T>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int index = i;
                all.add(threads.submit((Callable<T>) () -> task.run(index)));
            }
            List<T> results = new ArrayList<>();
            for (Future<T> each : all) {
                results.add(each.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    interface IndexedTask<T> {
        T run(int index) throws Exception;
    }
}
