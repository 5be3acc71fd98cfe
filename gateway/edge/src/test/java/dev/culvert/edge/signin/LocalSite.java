package dev.culvert.edge.signin;

import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.audit.AuditQuery;
import dev.culvert.edge.identity.Accounts;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.pages.Paths;
import dev.culvert.edge.tokens.SigningKeys;
import dev.culvert.edge.tokens.Tokens;
import dev.culvert.plugin.HttpExchange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// An auth host with local accounts: everything real but the listener. Its clock is moved by hand.
public final class LocalSite implements AutoCloseable {
    public final Accounts accounts;
    public final Sessions sessions;
    public final AuditLog audit;
    public final SshKeys sshKeys;
    public final SshConfirmations confirmations;
    final AuthHost host;

    /// With nothing in the admin area.
    LocalSite(Path temp) throws Exception {
        this(temp, site -> exchange -> exchange.say(200, "Admin", ""));
    }

    /// @param admin makes the admin area, once the rest is there
    public LocalSite(Path temp, AdminArea admin) throws Exception {
        Path folder = temp.resolve("state");
        accounts = new Accounts(folder);
        sessions = new Sessions(accounts.database(), accounts.clock);
        audit = new AuditLog(accounts.database(), folder, accounts.clock).start();
        AuthAddress address = new AuthAddress("auth.example.com", () -> 8443);
        sshKeys = new SshKeys(accounts.database(), accounts.clock);
        confirmations = new SshConfirmations(accounts.clock, address::origin);
        SigningKeys keys =
                new SigningKeys(accounts.database(), accounts.state().secrets(), accounts.clock);
        SignIn signIn =
                new SignIn(
                        new Attempts(accounts.clock),
                        sessions,
                        audit,
                        Duration.ofHours(24),
                        accounts.users,
                        List.of(new LocalLogin(accounts.all, sessions, audit)));
        host =
                new AuthHost(
                        address,
                        sessions,
                        new Tokens(keys, address::origin, accounts.clock),
                        keys,
                        signIn,
                        accounts.users::isAdmin,
                        List.of(
                                new AuthHost.Place(Paths.SIGN_IN, AuthHost.For.ANYONE, signIn),
                                new AuthHost.Place(
                                        Paths.ACCOUNT_SSH_KEYS,
                                        AuthHost.For.SIGNED_IN,
                                        new OwnSshKeys(
                                                sshKeys,
                                                audit,
                                                accounts.users::isAdmin,
                                                accounts.clock)),
                                new AuthHost.Place(
                                        SshConfirmations.PATH,
                                        AuthHost.For.SIGNED_IN,
                                        new SshSignIn(
                                                confirmations,
                                                sessions,
                                                signIn,
                                                audit,
                                                Duration.ofHours(24))),
                                new AuthHost.Place(
                                        Paths.ACCOUNT,
                                        AuthHost.For.SIGNED_IN,
                                        new OwnAccount(
                                                accounts.all, sessions, audit, accounts.clock)),
                                new AuthHost.Place(
                                        Paths.ADMIN, AuthHost.For.ADMINS, admin.of(this)),
                                new AuthHost.Place(
                                        Paths.LAUNCHER,
                                        AuthHost.For.SIGNED_IN,
                                        exchange -> exchange.say(200, "Launcher", ""))),
                        path -> null);
    }

    /// Makes an admin area.
    @FunctionalInterface
    public interface AdminArea {
        Section of(LocalSite site) throws Exception;
    }

    /// A browser that has never been here.
    public MemoryBrowser browser() {
        return new MemoryBrowser(this);
    }

    void answer(HttpExchange exchange, Visitor visitor) throws Exception {
        host.handle(exchange, visitor, "0123456789abcdef");
    }

    /// `outcome` of each event so far, the oldest first.
    public List<String> outcomes() throws Exception {
        return events().stream().map(AuditEvent::outcome).toList();
    }

    public List<AuditEvent> events() throws Exception {
        audit.recorded(AuditEvent.of(AuditEvent.Kind.ADMIN, "test", "looked").build()).join();
        return audit.find(AuditQuery.after(0, 10_000)).stream()
                .filter(event -> !event.actor().equals("test"))
                .toList();
    }

    /// All that was written down, with every detail.
    public String audited() throws Exception {
        return events().toString();
    }

    @Override
    public void close() {
        audit.close();
        accounts.close();
    }
}
