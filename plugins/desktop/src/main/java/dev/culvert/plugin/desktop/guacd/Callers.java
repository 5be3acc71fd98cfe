package dev.culvert.plugin.desktop.guacd;

import java.net.InetAddress;
import java.net.Socket;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Who may come for the way to a host: guacd. It is known by its addresses; and on this machine by its user, since whoever
/// has a program here has the address, too. Immutable. Blocking.
///
/// @param sources where guacd's connections come from
/// @param user guacd's; empty when it is not known
/// @param owners where a caller's user is looked up
record Callers(Set<InetAddress> sources, OptionalLong user, SocketOwners owners) {
    /// A row may be passed over when others go while a table is read.
    private static final int LOOKS = 3;

    /// @param guacd a connection to it that it has answered on
    static Callers of(Set<InetAddress> sources, Socket guacd) {
        return new Callers(sources, SocketOwners.LINUX.ofPeer(guacd), SocketOwners.LINUX);
    }

    /// Why this one is not guacd; null when it is. Where guacd's end is seen, that of its caller would be.
    @Nullable String refusal(Socket caller) {
        if (!sources.contains(caller.getInetAddress())) {
            return "it came from "
                    + caller.getInetAddress().getHostAddress()
                    + ", guacd comes from "
                    + String.join(", ", sources.stream().map(InetAddress::getHostAddress).toList());
        }
        if (user.isEmpty()) {
            return null;
        }
        OptionalLong of = owners.ofPeer(caller);
        for (int looks = 1; looks < LOOKS && of.isEmpty(); looks++) {
            of = owners.ofPeer(caller);
        }
        if (of.equals(user)) {
            return null;
        }
        String whose =
                of.isEmpty()
                        ? "it has gone again, or is nobody's"
                        : "it is a program of user " + of.getAsLong();
        return whose + ", guacd's is " + user.getAsLong();
    }
}
