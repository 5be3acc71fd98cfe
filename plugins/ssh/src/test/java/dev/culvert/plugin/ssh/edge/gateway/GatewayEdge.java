package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.TestEdge;
import dev.culvert.plugin.ssh.edge.TestEntry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What an edge gives to the gateway besides: one person, hosts by name, keys, confirmations that the test answers.
final class GatewayEdge extends TestEdge {
    static final Person ANN = TestEntry.to(1).person();

    final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    final Map<String, Supplier<Admitted>> hosts = new ConcurrentHashMap<>();
    final List<byte[]> usedKeys = new CopyOnWriteArrayList<>();

    /// As on the wire; empty for none.
    volatile byte[] registered = new byte[0];

    volatile boolean signedIn = true;

    /// What the audit log has of an outcome, as text.
    List<String> noted(String outcome) {
        return notes.stream()
                .filter(note -> note.outcome().equals(outcome))
                .map(note -> Arrays.toString(note.details()))
                .toList();
    }

    /// One confirmation.
    final class Asked implements Confirmation {
        final String program;
        private final CompletableFuture<@Nullable Person> answer = new CompletableFuture<>();
        final CompletableFuture<Boolean> closed = new CompletableFuture<>();

        private Asked(String program) {
            this.program = program;
        }

        void confirm() {
            signedIn = true;
            answer.complete(ANN);
        }

        void refuse() {
            answer.completeExceptionally(new RefusedException("refused", "No.", "Do not."));
        }

        @Override
        public String url() {
            return "https://auth.example.com/cdn-cgi/access/ssh/1";
        }

        @Override
        public String code() {
            return "K7QM-2XTD";
        }

        @Override
        public @Nullable Person await(Duration atMost)
                throws RefusedException, InterruptedException {
            try {
                return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                return null;
            } catch (ExecutionException e) {
                throw (RefusedException) e.getCause();
            }
        }

        @Override
        public void close() {
            closed.complete(true);
        }
    }

    @Override
    public Admitted admit(Person person, String host, String address) throws RefusedException {
        Supplier<Admitted> entry = hosts.get(host);
        if (entry == null) {
            throw new RefusedException("denied", "You may not open " + host, "Ask for it");
        }
        return entry.get();
    }

    @Override
    public @Nullable Person person(UUID session) {
        return signedIn && session.equals(ANN.session()) ? ANN : null;
    }

    @Override
    public @Nullable Person byPublicKey(byte[] key) {
        return signedIn && Arrays.equals(key, registered) ? ANN : null;
    }

    @Override
    public void usedPublicKey(byte[] key) {
        usedKeys.add(key);
    }

    @Override
    public Confirmation confirm(String program, String address) {
        Asked confirmation = new Asked(program);
        asked.add(confirmation);
        return confirmation;
    }
}
