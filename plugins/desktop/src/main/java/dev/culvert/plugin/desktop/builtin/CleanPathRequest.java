package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Desktops;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ConnectionPacket;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.RdCleanPath;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The first thing a browser sends: where it wants to go, and how it opens RDP. The edge alone decides where it goes;
/// the browser's word for it has to be the same. Confined to one thread.
final class CleanPathRequest {
    private static final int MAX_LENGTH = 8 * 1024;
    private static final int MAX_COOKIE = 100;

    private final ByteBuffer message = ByteBuffer.allocate(MAX_LENGTH);
    private int length = -1;

    /// @param bytes what belongs to the request is taken
    /// @return the request, once it is complete; null before
    @Nullable ConnectionRequest add(DesktopSession session, ByteBuffer bytes)
            throws ProtocolException, RefusedException {
        while (bytes.hasRemaining() && message.position() != length) {
            message.put(bytes.get());
            if (length < 0) {
                length = RdCleanPath.length(message.duplicate().flip(), MAX_LENGTH);
            }
        }
        if (message.position() != length) {
            return null;
        }
        byte[] whole = new byte[length];
        message.get(0, whole);
        if (!(RdCleanPath.decode(whole) instanceof RdCleanPath.Request request)) {
            throw new ProtocolException("RDCleanPath: an answer (expected: a request)");
        }
        check(session.admitted(), request);
        return opening(session, request);
    }

    private static void check(Admitted admitted, RdCleanPath.Request request)
            throws RefusedException {
        String expected = Desktops.destination(admitted).toLowerCase(Locale.ROOT);
        String asked = request.destination().toLowerCase(Locale.ROOT);
        if (!asked.equals(expected) && !(asked + ":3389").equals(expected)) {
            throw new RefusedException(
                    "denied",
                    "This session leads to " + expected + " and nowhere else.",
                    "Open the other host's own address.");
        }
        if (!request.preconnectionBlob().isEmpty()) {
            throw new RefusedException(
                    "denied",
                    "This session leads to the host, not to machines behind it.",
                    "Publish the machine under a name of its own.");
        }
    }

    /// What the host is told: the name, as far as it is one; protocols. A routing token is the edge's to choose.
    private static ConnectionRequest opening(DesktopSession session, RdCleanPath.Request request)
            throws ProtocolException {
        ByteBuffer body =
                ConnectionPacket.variablePart(
                        ByteBuffer.wrap(request.x224()), ConnectionPacket.CONNECTION_REQUEST);
        if (body == null) {
            throw new ProtocolException("RDCleanPath: a connection request that is cut");
        }
        ConnectionRequest asked = ConnectionRequest.decode(body);
        String name = session.login().isStored() ? session.login().user() : asked.cookie();
        return new ConnectionRequest(
                name != null && isCookie(name) ? name : null, null, asked.requestedProtocols());
    }

    private static boolean isCookie(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_COOKIE
                && name.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    }
}
