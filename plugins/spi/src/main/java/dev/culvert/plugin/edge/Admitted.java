package dev.culvert.plugin.edge;

import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Somebody whom the policies of an application let in, recorded in the audit log, for as long as they do.
///
/// Thread-safe.
public interface Admitted extends AutoCloseable {
    /// As in the audit log: an e-mail address, `service-token:NAME`, `certificate:NAME`, `anyone`.
    String actor();

    /// Null for machines and for `anyone`.
    @Nullable Person person();

    /// The application's name.
    String application();

    /// Where it was asked for, without port.
    String host();

    /// The user's address.
    String address();

    /// Of the request or connection, in every log.
    String id();

    /// When the session ends; null when there is none.
    @Nullable Instant expiresAt();

    /// What the application and the policy that decided say about SSH.
    SshAccess ssh();

    /// What the application says about its desktop.
    DesktopSettings desktop();

    /// Its kind: `rdp`.
    String kind();

    /// Calls back once when policies no longer let it in or its session has ended, with the reason for
    /// people; at once when that is so already. Never after [#close]. Must be quick.
    void onEnd(Consumer<String> ended);

    /// Opens a stream to the service behind the host, in the same name. Blocking, at most 60 s.
    ///
    /// @throws RefusedException when there is no connection of the tunnel, or the service refuses
    TunnelStream open() throws IOException, InterruptedException;

    /// It is over: what went through is in the audit log. Idempotent. What [#open] returned is not closed.
    @Override
    void close();
}
