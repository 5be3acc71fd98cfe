package dev.culvert.edge.plugins;

import dev.culvert.edge.admission.Grant;
import dev.culvert.edge.admission.Principal;
import dev.culvert.edge.identity.Session;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.SshAccess;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.policy.Identity;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody who was let in, while a plugin serves them. Thread-safe.
final class Entry implements Admitted {
    private final Entries entries;
    private final StreamRequest request;
    private final Grant grant;
    private final String id;
    private final boolean isOfListener;
    private final SshAccess ssh;
    private final long beganNanos = System.nanoTime();
    private final List<ServiceStream> streams = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final List<Consumer<String>> listeners = new ArrayList<>();
    private String why = "";
    private boolean closed;

    /// @param request that was let in, or stands for it
    /// @param isOfListener whether it came in by a listener of the plugin's, where nobody else counts it
    Entry(Entries entries, StreamRequest request, Grant grant, String id, boolean isOfListener) {
        this.entries = entries;
        this.request = request;
        this.grant = grant;
        this.id = id;
        this.isOfListener = isOfListener;
        this.ssh =
                SshAccess.of(
                        grant.application().ssh(), grant.policy().ssh(), email(grant.principal()));
    }

    private static @Nullable String email(Principal principal) {
        return principal instanceof Principal.Person(Session session)
                ? session.identity().email()
                : null;
    }

    StreamRequest request() {
        return request;
    }

    Grant grant() {
        return grant;
    }

    boolean isOfListener() {
        return isOfListener;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - beganNanos);
    }

    /// @param reason for people
    void revoke(String reason) {
        List<Consumer<String>> told;
        synchronized (this) {
            if (closed || !why.isEmpty()) {
                return;
            }
            why = reason;
            told = List.copyOf(listeners);
        }
        told.forEach(listener -> listener.accept(reason));
    }

    @Override
    public void onEnd(Consumer<String> ended) {
        String reason;
        synchronized (this) {
            if (closed) {
                return;
            }
            listeners.add(ended);
            reason = why;
        }
        if (!reason.isEmpty()) {
            ended.accept(reason);
        }
    }

    @Override
    public String actor() {
        return grant.principal().actor();
    }

    @Override
    public @Nullable Person person() {
        return grant.principal() instanceof Principal.Person(Session session)
                ? person(session)
                : null;
    }

    static Person person(Session session) {
        Identity identity = session.identity();
        return new Person(session.id(), identity.id(), identity.email());
    }

    @Override
    public String application() {
        return grant.application().name();
    }

    @Override
    public String host() {
        return request.host();
    }

    @Override
    public String address() {
        return grant.visitor().text();
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public @Nullable Instant expiresAt() {
        return grant.principal() instanceof Principal.Person(Session session)
                ? session.expiresAt()
                : null;
    }

    @Override
    public DesktopSettings desktop() {
        return grant.application().desktop();
    }

    @Override
    public String kind() {
        return grant.application().kind().word();
    }

    @Override
    public SshAccess ssh() {
        return ssh;
    }

    @Override
    public TunnelStream open() throws IOException, InterruptedException {
        ServiceStream stream = entries.open(this);
        streams.add(stream);
        return stream;
    }

    @Override
    public void close() {
        String reason;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            listeners.clear();
            reason = why;
        }
        long up = streams.stream().mapToLong(ServiceStream::up).sum();
        long down = streams.stream().mapToLong(ServiceStream::down).sum();
        entries.closed(this, up, down, reason);
    }
}
