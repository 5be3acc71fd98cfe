package dev.culvert.plugin.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Fails a class whose tests leaked a buffer: every buffer is watched, and the garbage collector is asked
/// after the last test. Where another class of the process made buffers before, they cannot be watched
/// any more, and the report says so.
final class LeakCheck implements BeforeAllCallback, AfterAllCallback {
    private static final int ROUNDS = 4;
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();
    private static volatile boolean watching;

    static {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Detectors());
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        touchAllocator();
        if (!watching) {
            context.publishReportEntry("leaks", "not watched: buffers were made before");
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        for (int i = 0; i < ROUNDS; i++) {
            System.gc();
            // The detector reports when a buffer is made.
            touchAllocator();
        }
        assertThat(LEAKS).as("leaked buffers").isEmpty();
    }

    private static void touchAllocator() {
        for (int i = 0; i < 8; i++) {
            ByteBufAllocator.DEFAULT.directBuffer(16).release();
            ByteBufAllocator.DEFAULT.heapBuffer(16).release();
        }
    }

    private static final class Detectors extends ResourceLeakDetectorFactory {
        @Override
        @SuppressWarnings("deprecation") // abstract there, so it must be here
        public <T> ResourceLeakDetector<T> newResourceLeakDetector(
                Class<T> resource, int samplingInterval, long maxActive) {
            return new Detector<>(resource, samplingInterval);
        }
    }

    private static final class Detector<T> extends ResourceLeakDetector<T> {
        @SuppressWarnings("deprecation") // the constructor meant for sub-classes
        Detector(Class<T> resource, int samplingInterval) {
            super(resource, samplingInterval);
            watching = true;
        }

        @Override
        protected boolean needReport() {
            return true;
        }

        @Override
        protected void reportTracedLeak(String resourceType, String records) {
            LEAKS.add(resourceType + records);
        }

        @Override
        protected void reportUntracedLeak(String resourceType) {
            LEAKS.add(resourceType);
        }
    }
}
