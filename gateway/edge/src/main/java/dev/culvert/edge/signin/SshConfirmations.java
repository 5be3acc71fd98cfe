package dev.culvert.edge.signin;

import dev.culvert.edge.identity.Secrets;
import dev.culvert.edge.web.Networks;
import dev.culvert.plugin.edge.EdgeServices.Confirmation;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// SSH clients that wait for their people's confirmation in a browser: five minutes, answered once. At most 50 of
/// a network and 2,000 in all wait; who asks beyond that is refused.
///
/// Thread-safe.
public final class SshConfirmations {
    static final String PATH = "/cdn-cgi/access/ssh";
    static final int MAX_OF_ONE_NETWORK = 50;
    static final int MAX = 2_000;

    private static final int MAX_PROGRAM = 200;

    /// Crockford's, which leave out I, L, O and U.
    private static final String LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private static final SecureRandom RANDOM = new SecureRandom();

    private final InstantSource clock;
    private final Supplier<String> origin;

    /// By the last part of their addresses, as [#ofNetwork]: guarded by this.
    private final Map<String, Waiting> waiting = new HashMap<>();

    private final Map<String, Integer> ofNetwork = new HashMap<>();

    /// @param origin of the auth host
    public SshConfirmations(InstantSource clock, Supplier<String> origin) {
        this.clock = clock;
        this.origin = origin;
    }

    /// What was answered.
    private sealed interface Answer {
        record In(Person person) implements Answer {}

        record Refused() implements Answer {}
    }

    /// @param program as the page shows it
    /// @param address of who asks
    /// @throws RefusedException when too many wait already
    public Confirmation ask(String program, String address) throws RefusedException {
        String network = Networks.of(address);
        Waiting asked =
                new Waiting(
                        Secrets.make(),
                        code(),
                        program.substring(0, Math.min(program.length(), MAX_PROGRAM)),
                        address,
                        network,
                        clock.instant().plus(Confirmation.LIFE));
        synchronized (this) {
            waiting.values().stream().filter(Waiting::isOver).toList().forEach(this::forget);
            if (waiting.size() >= MAX || ofNetwork.getOrDefault(network, 0) >= MAX_OF_ONE_NETWORK) {
                throw new RefusedException(
                        "too_many_confirmations",
                        "Too many sign-ins wait for a browser already.",
                        "Try again in a few minutes, or register a public key.");
            }
            waiting.put(asked.id, asked);
            ofNetwork.merge(network, 1, Integer::sum);
        }
        return asked;
    }

    /// @param id last part of its address
    /// @return null when nobody waits for it any more
    synchronized @Nullable Waiting find(String id) {
        Waiting found = waiting.get(id);
        return found == null || found.isOver() ? null : found;
    }

    /// So that only one answer is given.
    ///
    /// @return whether it was still waited for
    synchronized boolean take(Waiting asked) {
        boolean over = asked.isOver();
        return forget(asked) && !over;
    }

    private synchronized boolean forget(Waiting asked) {
        if (waiting.remove(asked.id) == null) {
            return false;
        }
        ofNetwork.computeIfPresent(
                asked.network, (network, count) -> count == 1 ? null : count - 1);
        return true;
    }

    /// `K7QM-2XTD`.
    private static String code() {
        StringBuilder code = new StringBuilder(9);
        for (int i = 0; i < 8; i++) {
            code.append(i == 4 ? "-" : "").append(LETTERS.charAt(RANDOM.nextInt(32)));
        }
        return code.toString();
    }

    /// One that is waited for.
    final class Waiting implements Confirmation {
        private final String id;
        private final String code;
        private final String program;
        private final String address;
        private final String network;
        private final Instant until;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        private Waiting(
                String id,
                String code,
                String program,
                String address,
                String network,
                Instant until) {
            this.id = id;
            this.code = code;
            this.program = program;
            this.address = address;
            this.network = network;
            this.until = until;
        }

        private boolean isOver() {
            return !clock.instant().isBefore(until);
        }

        String program() {
            return program;
        }

        String address() {
            return address;
        }

        boolean isFromNetworkOf(String other) {
            return network.equals(Networks.of(other));
        }

        @Override
        public String url() {
            return origin.get() + PATH + "/" + id;
        }

        @Override
        public String code() {
            return code;
        }

        /// After [#take].
        void letIn(Person person) {
            answer.complete(new Answer.In(person));
        }

        /// After [#take].
        void refuse() {
            answer.complete(new Answer.Refused());
        }

        @Override
        public @Nullable Person await(Duration atMost)
                throws RefusedException, InterruptedException {
            try {
                return switch (answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
                    case Answer.In(Person person) -> person;
                    case Answer.Refused() ->
                            throw new RefusedException(
                                    "refused",
                                    "It was refused in the browser.",
                                    "Start it again and confirm, if it is yours.");
                };
            } catch (TimeoutException e) {
                return null;
            } catch (ExecutionException e) {
                throw new IllegalStateException("answers are never exceptions", e);
            }
        }

        @Override
        public void close() {
            forget(this);
        }
    }
}
