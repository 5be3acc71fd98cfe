package dev.culvert.plugin.ssh.edge.gateway;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Person;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.session.Session;
import org.jspecify.annotations.Nullable;

/// One connection at the gateway, while it lasts: from where, who it has turned out to be, and where it leads.
///
/// Thread-safe.
final class Visit {
    private static final AttributeKey<Visit> KEY = new AttributeKey<>();
    private static final int MAX_PROGRAM = 60;

    private final String address;
    private final @Nullable Admitted outer;
    private final Doors.@Nullable Place place;
    private volatile @Nullable Person person;
    private volatile @Nullable String application;
    private @Nullable Offer offer;
    private final Set<String> services = ConcurrentHashMap.newKeySet();

    /// A key that would do, once its signature is checked.
    ///
    /// @param application the only one that it leads to, as certificates do; null for registered keys
    record Offer(Person person, byte[] key, @Nullable String application) {
        boolean isRegistered() {
            return application == null;
        }
    }

    /// @param address of the user
    /// @param outer for a connection inside of another one (`-J`): what that was let in to
    /// @param place at the door, null inside of another connection
    Visit(String address, @Nullable Admitted outer, Doors.@Nullable Place place) {
        this.address = address;
        this.place = place;
        this.outer = outer;
        this.person = outer == null ? null : outer.person();
    }

    static Visit of(Session session) {
        Visit visit = session.getAttribute(KEY);
        if (visit == null) {
            throw new IllegalStateException("no visit of " + session);
        }
        return visit;
    }

    void isOf(Session session) {
        session.setAttribute(KEY, this);
    }

    String address() {
        return address;
    }

    @Nullable Admitted outer() {
        return outer;
    }

    /// Null until somebody has proven to be somebody.
    @Nullable Person person() {
        return person;
    }

    void proven(Person who) {
        person = who;
    }

    /// Likewise, by something that leads to one application alone; null for any.
    void proven(Person who, @Nullable String only) {
        application = only;
        proven(who);
    }

    /// The application that the proof of who it is was for, null when it was for any.
    @Nullable String application() {
        return application;
    }

    /// Who it is has been found out.
    ///
    /// @param most connections that they may have, with this one
    /// @return false when they have them already
    boolean known(int most) {
        Person who = person;
        if (who == null) {
            throw new IllegalStateException("nobody was proven to be there");
        }
        return place == null || place.known(who.identity(), most);
    }

    /// A service of SSH (RFC 4253, section 10) begins, which each does once. SSHD would begin one as often as a
    /// client asks: signing in anew, with all its time and tries, by somebody who never does.
    void begins(String service) throws GatewayProtocolException {
        if (!services.add(service)) {
            throw new GatewayProtocolException(service + " was asked for twice");
        }
    }

    /// For the time of one request of the method `publickey`; by the thread that does it.
    void offer(@Nullable Offer key) {
        offer = key;
    }

    @Nullable Offer offered() {
        return offer;
    }

    /// What the client says it is, such as `OpenSSH_9.2p1`; anybody can say anything.
    static String program(Session session) {
        String version = session.getClientVersion();
        String text = version == null ? "" : version.replaceFirst("^SSH-[0-9.]+-", "");
        String word = text.split(" ", 2)[0].replaceAll("[^\\x21-\\x7e]", "");
        return word.isEmpty()
                ? "An SSH client"
                : word.substring(0, Math.min(word.length(), MAX_PROGRAM));
    }
}
