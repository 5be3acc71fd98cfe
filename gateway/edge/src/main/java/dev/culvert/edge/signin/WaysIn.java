package dev.culvert.edge.signin;

import dev.culvert.edge.audit.AuditEvent;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The configured ways in besides the edge's own users: codes by mail, then the providers in their order.
/// Opening asks no provider and no mail server, so none of them keeps an edge from starting. Thread-safe.
public final class WaysIn implements AutoCloseable {
    private final @Nullable MailQueue mails;
    private final List<LoginMethod> methods;

    private WaysIn(@Nullable MailQueue mails, List<LoginMethod> methods) {
        this.mails = mails;
        this.methods = List.copyOf(methods);
    }

    /// @param authHost as the edge calls itself at the mail server
    /// @throws IOException when the system's certificates cannot be read
    public static WaysIn open(
            IdentityConfig config, String authHost, Consumer<AuditEvent> audit, InstantSource clock)
            throws IOException {
        MailConfig mail = config.mail();
        MailQueue mails = mail == null ? null : new MailQueue(mail, authHost, clock);
        List<LoginMethod> methods = new ArrayList<>();
        PinConfig pin = config.pin();
        if (pin != null && mails != null) {
            methods.add(new PinLogin(pin, mails, audit, clock));
        }
        for (ProviderConfig provider : config.providers()) {
            methods.add(ProviderLogin.of(provider, clock));
        }
        return new WaysIn(mails, methods);
    }

    public List<LoginMethod> methods() {
        return methods;
    }

    /// Drops mails that wait. Idempotent.
    @Override
    public void close() {
        if (mails != null) {
            mails.close();
        }
    }
}
