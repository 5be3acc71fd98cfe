package dev.culvert.plugin.desktop.guacd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.culvert.plugin.edge.RefusedException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class LooksTest {
    private static final Duration LONGEST = Duration.ofSeconds(50);

    private final AtomicLong clock = new AtomicLong(-10);
    private final AtomicInteger asked = new AtomicInteger();
    private final Looks looks = new Looks(LONGEST, clock::get);

    private Set<String> answered(String name) {
        asked.incrementAndGet();
        return Set.of(name);
    }

    @Test
    void anotherKindIsAnsweredWhileOneIsNotAndThatOneIsAskedForOnce() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        Looks.Question slow =
                () -> {
                    asked.incrementAndGet();
                    begun.countDown();
                    return answer.join();
                };
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Set<String>> first = threads.submit(() -> looks.known("vnc", slow));
            begun.await();
            Future<Set<String>> second = threads.submit(() -> looks.known("vnc", slow));
            assertThat(looks.known("rdp", () -> answered("b"))).containsExactly("b");
            answer.complete(Set.of("a"));
            assertThat(first.get()).containsExactly("a");
            assertThat(second.get()).containsExactly("a");
        }
        assertThat(asked).hasValue(2);
    }

    @Test
    void nobodyWaitsLongerThanThatForAnAnswerThatIsUsedWhenItComes() throws Exception {
        Looks impatient = new Looks(Duration.ofMillis(20), clock::get);
        CompletableFuture<Set<String>> answer = new CompletableFuture<>();
        for (int callers = 0; callers < 2; callers++) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            impatient.known(
                                    "vnc",
                                    () -> {
                                        asked.incrementAndGet();
                                        return answer.join();
                                    }))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("guacd_missing"))
                    .withMessageContaining("does not answer");
        }
        assertThat(asked).hasValue(1);
        answer.complete(Set.of("a"));
        Set<String> known = null;
        while (known == null) {
            try {
                known = impatient.known("vnc", () -> answered("another"));
            } catch (RefusedException e) {
                // The thread that looks has not been woken yet.
            }
        }
        assertThat(known).containsExactly("a");
    }

    @Test
    void anAnswerIsBelievedForFiveSecondsARefusalToo() throws Exception {
        assertThat(looks.known("vnc", () -> answered("a"))).containsExactly("a");
        clock.addAndGet(4_999_999_999L);
        assertThat(looks.known("vnc", () -> answered("b"))).containsExactly("a");
        clock.addAndGet(1);
        for (int callers = 0; callers < 2; callers++) {
            assertThatExceptionOfType(RefusedException.class)
                    .isThrownBy(() ->
                            looks.known(
                                    "vnc",
                                    () -> {
                                        asked.incrementAndGet();
                                        throw new RefusedException("code", "What.", "Do.");
                                    }))
                    .withMessage("What.")
                    .satisfies(e -> assertThat(e.code() + e.next()).isEqualTo("codeDo."));
        }
        assertThat(asked).hasValue(2);
        clock.addAndGet(5_000_000_000L);
        assertThat(looks.known("vnc", () -> answered("c"))).containsExactly("c");
    }

    @Test
    void whatFailsIsAskedForAgain() throws Exception {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() ->
                        looks.known(
                                "vnc",
                                () -> {
                                    throw new IllegalArgumentException("broken");
                                }))
                .havingRootCause()
                .withMessage("broken");
        assertThat(looks.known("vnc", () -> answered("a"))).containsExactly("a");
    }
}
