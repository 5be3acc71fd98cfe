package dev.culvert.edge.plugins;

import dev.culvert.edge.admission.Admission;
import dev.culvert.edge.admission.AuthAddress;
import dev.culvert.edge.admission.Visitor;
import dev.culvert.edge.audit.AuditEvent;
import dev.culvert.edge.audit.AuditLog;
import dev.culvert.edge.front.PublicListener;
import dev.culvert.edge.identity.Session;
import dev.culvert.edge.identity.Sessions;
import dev.culvert.edge.identity.SshKeys;
import dev.culvert.edge.signin.SshConfirmations;
import dev.culvert.edge.state.StateException;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.LiveSession;
import dev.culvert.plugin.edge.Person;
import dev.culvert.plugin.edge.PluginStore;
import dev.culvert.plugin.edge.Recordings;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.stream.StreamRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// What one plugin is given. Thread-safe.
public final class PluginServices implements EdgeServices {
    private final String name;
    private final Set<String> kinds;
    private final Parts parts;
    private final PluginStore store;
    private volatile int port;

    /// What all of them are given from.
    public record Parts(
            Entries entries,
            Admission admission,
            Sessions sessions,
            SshKeys sshKeys,
            SshConfirmations confirmations,
            AuthAddress address,
            AuditLog audit,
            PublicListener.Countries countries,
            Recordings recordings,
            LiveSessions live,
            @Nullable GuacdSettings guacd,
            InstantSource clock) {}

    /// @param name the plugin's
    /// @param kinds of applications that it serves
    PluginServices(String name, Set<String> kinds, Parts parts, PluginStore store) {
        this.name = name;
        this.kinds = Set.copyOf(kinds);
        this.parts = parts;
        this.store = store;
    }

    void listensOn(int number) {
        port = number;
    }

    @Override
    public InstantSource clock() {
        return parts.clock();
    }

    @Override
    public String authOrigin() {
        return parts.address().origin();
    }

    @Override
    public PluginStore store() {
        return store;
    }

    @Override
    public Recordings recordings() {
        return parts.recordings();
    }

    @Override
    public @Nullable GuacdSettings guacd() {
        return parts.guacd();
    }

    @Override
    public Shown show(LiveSession session) {
        return parts.live().show(session);
    }

    @Override
    public void audit(AuditNote note) {
        AuditEvent.Kind kind = AuditEvent.Kind.ofWord(name);
        parts.audit()
                .record(
                        AuditEvent.of(
                                        kind == null ? AuditEvent.Kind.STREAM : kind,
                                        note.actor(),
                                        note.outcome())
                                .application(note.application(), note.host())
                                .from(note.address(), country(note.address()))
                                .request(note.requestId())
                                .detail(note.details())
                                .build());
    }

    private @Nullable String country(@Nullable String address) {
        return address == null ? null : parts.countries().country(InetAddress.ofLiteral(address));
    }

    @Override
    public Admitted admit(Person person, String host, String address) throws RefusedException {
        Session session = parts.sessions().byId(person.session());
        if (session == null) {
            throw new RefusedException(
                    "session_ended", "Your session has ended.", "Sign in again.");
        }
        return admit(session, host, address);
    }

    private Admitted admit(Session session, String host, String address) throws RefusedException {
        StreamRequest request = ServiceStreams.request(host);
        String id = String.format("%016x", ThreadLocalRandom.current().nextLong());
        return parts.entries()
                .ofListener(
                        request,
                        parts.admission().admit(session, request, visitor(address), id, kinds),
                        id);
    }

    private Visitor visitor(String text) {
        InetAddress address = InetAddress.ofLiteral(text);
        return new Visitor(text, address, null, false, parts.countries().country(address));
    }

    @Override
    public Admitted admitByToken(String applicationToken, String address) throws RefusedException {
        Admission.Tokened shown = parts.admission().byToken(applicationToken);
        if (shown == null) {
            throw new RefusedException(
                    "bad_token",
                    "The application token is wrong, or its session has ended.",
                    "Sign in again: access login URL");
        }
        String host = shown.application().places().getFirst().host();
        return admit(shown.session(), host, address);
    }

    @Override
    public @Nullable Person person(UUID session) {
        Session found = parts.sessions().byId(session);
        return found == null ? null : Entry.person(found);
    }

    @Override
    public @Nullable Person byPublicKey(byte[] key) throws IOException {
        try {
            Session session = parts.sshKeys().sessionOf(key, parts.sessions());
            return session == null ? null : Entry.person(session);
        } catch (StateException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    @Override
    public void usedPublicKey(byte[] key) {
        parts.sshKeys().used(key);
    }

    @Override
    public Confirmation confirm(String program, String address) throws RefusedException {
        return parts.confirmations().ask(program, address);
    }

    @Override
    public int listenerPort() {
        return port;
    }
}
