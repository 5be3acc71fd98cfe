package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.EdgeServices.AuditNote;
import dev.culvert.plugin.edge.SshRights.Use;
import java.util.concurrent.atomic.AtomicInteger;

/// The forwardings of one relay: each is in the audit log, since it needs no session whose recording would have it
/// (`ssh -N`), and in the recordings of the sessions that run meanwhile.
///
/// Thread-safe.
final class Forwards {
    /// Notes of one connection; what comes after them is counted.
    static final int MAX_NOTED = 100;

    private final EdgeServices services;
    private final Admitted admitted;
    private final String login;
    private final AtomicInteger all = new AtomicInteger();

    Forwards(EdgeServices services, Admitted admitted, String login) {
        this.services = services;
        this.admitted = admitted;
        this.login = login;
    }

    /// One is asked of the host, which may still refuse it.
    ///
    /// @param destination where the host is to connect or listen, on one line
    void asked(Use use, String destination) {
        if (all.incrementAndGet() <= MAX_NOTED) {
            services.audit(
                    AuditNote.of(
                            admitted,
                            "forwarded",
                            "use",
                            use.word(),
                            "destination",
                            destination,
                            "login",
                            login,
                            "via",
                            "gateway"));
        }
    }

    /// How many there were, noted or not.
    int count() {
        return all.get();
    }
}
