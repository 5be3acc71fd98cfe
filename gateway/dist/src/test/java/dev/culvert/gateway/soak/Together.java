package dev.culvert.gateway.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Many tasks at once, on virtual threads; the first failure is everybody's. Thread-safe.
final class Together {
    @FunctionalInterface
    interface Task {
        void run(int index) throws Exception;
    }

    private Together() {}

    /// Runs `task` with 0 to `count` - 1, at most `parallel` at a time.
    static void run(int count, int parallel, Duration within, Task task) throws Exception {
        Semaphore room = new Semaphore(parallel);
        List<Future<Void>> all = new ArrayList<>(count);
        long deadline = System.nanoTime() + within.toNanos();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        try {
            for (int i = 0; i < count; i++) {
                int index = i;
                Callable<Void> call =
                        () -> {
                            room.acquire();
                            try {
                                task.run(index);
                            } finally {
                                room.release();
                            }
                            return null;
                        };
                all.add(threads.submit(call));
            }
            for (int i = 0; i < count; i++) {
                await(all.get(i), i, deadline);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    static void await(Future<?> future, int index, long deadlineNanos) throws Exception {
        try {
            future.get(Math.max(1, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Exception("stream " + index + ": " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new Exception("stream " + index + " did not finish in time", e);
        }
    }
}
