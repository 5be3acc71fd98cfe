package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings.Security;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.TunnelStream;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ConnectionConfirm;
import dev.culvert.protocols.rdp.ConnectionPacket;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.SecurityProtocol;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An RDP host that has agreed on TLS, with or without CredSSP inside of it, and has shown its certificates, which
/// nobody has judged yet. What follows is in [#tls]. Thread-safe as [HostTls] is. Blocking.
public final class RdpHost implements Closeable {
    private final byte[] confirm;
    private final int protocol;
    private final HostTls tls;
    private final HostStream stream;

    private RdpHost(byte[] confirm, int protocol, HostTls tls, HostStream stream) {
        this.confirm = confirm;
        this.protocol = protocol;
        this.tls = tls;
        this.stream = stream;
    }

    /// Protocols that an application lets a client ask for.
    public static int protocols(Security security) {
        return switch (security) {
            case TLS -> SecurityProtocol.PROTOCOL_SSL;
            case ANY, NLA -> SecurityProtocol.PROTOCOL_SSL | SecurityProtocol.PROTOCOL_HYBRID;
        };
    }

    /// Connects, negotiates and shakes hands.
    ///
    /// @param cookie a user name for brokers and logs; null for none
    /// @param protocols bits of [SecurityProtocol] that are asked for
    /// @param within for all of it
    /// @throws RefusedException with a code of `docs/desktops.md`
    public static RdpHost connect(
            Admitted admitted, @Nullable String cookie, int protocols, Duration within)
            throws IOException, InterruptedException {
        HostStream stream = HostStream.open(admitted, within);
        boolean agreed = false;
        try {
            RdpHost host = agree(admitted, stream, cookie, protocols);
            stream.keep();
            agreed = true;
            return host;
        } catch (IOException e) {
            RefusedException late = stream.late();
            throw late == null ? e : late;
        } finally {
            if (!agreed) {
                stream.close();
            }
        }
    }

    private static RdpHost agree(
            Admitted admitted, HostStream stream, @Nullable String cookie, int protocols)
            throws IOException {
        String host = admitted.host();
        byte[] confirm = ask(host, stream.stream(), cookie, protocols);
        int protocol = chosen(admitted, confirm, protocols);
        try {
            return new RdpHost(confirm, protocol, HostTls.over(stream.stream()), stream);
        } catch (IOException e) {
            throw HostFailure.tls(host, e);
        }
    }

    private static byte[] ask(
            String host, TunnelStream stream, @Nullable String cookie, int protocols)
            throws RefusedException {
        try {
            stream.output().write(new ConnectionRequest(cookie, null, protocols).packet());
            return answer(stream.input());
        } catch (IOException | ProtocolException e) {
            throw HostFailure.not("rdp", host, e);
        }
    }

    /// Not a byte more than the packet: what follows is TLS.
    private static byte[] answer(InputStream in) throws IOException, ProtocolException {
        byte[] packet = new byte[ConnectionPacket.MAX_LENGTH];
        int have = 0;
        int want = 6;
        while (have < want) {
            int count = in.read(packet, have, want - have);
            if (count < 0) {
                throw new EOFException("it closed the connection");
            }
            have += count;
            ByteBuffer seen = ByteBuffer.wrap(packet, 0, have);
            if (ConnectionPacket.variablePart(seen, ConnectionPacket.CONNECTION_CONFIRM) == null
                    && have == 6) {
                want = seen.getShort(2) & 0xffff;
            }
        }
        return Arrays.copyOf(packet, have);
    }

    private static int chosen(Admitted admitted, byte[] confirm, int asked)
            throws RefusedException {
        String host = admitted.host();
        ByteBuffer body =
                ByteBuffer.wrap(confirm)
                        .slice(ConnectionPacket.HEADER, confirm.length - ConnectionPacket.HEADER);
        try {
            return switch (ConnectionConfirm.decode(body)) {
                case ConnectionConfirm.Old() -> throw HostFailure.oldSecurity(host);
                case ConnectionConfirm.Failed failed ->
                        throw HostFailure.refusedSecurity(host, failed, confirm);
                case ConnectionConfirm.Chosen(int protocol) -> {
                    check(admitted, protocol, asked);
                    yield protocol;
                }
            };
        } catch (ProtocolException e) {
            throw HostFailure.not("rdp", host, e);
        }
    }

    private static void check(Admitted admitted, int protocol, int asked) throws RefusedException {
        String host = admitted.host();
        if (protocol == SecurityProtocol.PROTOCOL_RDP) {
            throw HostFailure.oldSecurity(host);
        }
        if (Integer.bitCount(protocol) != 1 || (protocol & asked) == 0) {
            throw HostFailure.security(
                    host,
                    "chose a protection nobody asked for ("
                            + SecurityProtocol.names(protocol)
                            + ")",
                    "See the host's settings for remote desktops.");
        }
        if (admitted.desktop().security() == Security.NLA && !isNla(protocol)) {
            throw HostFailure.security(
                    host,
                    "does not do NLA, and its application says nla",
                    "Switch NLA on at the host, or set desktop.security of the application to any or tls.");
        }
    }

    private static boolean isNla(int protocol) {
        return (protocol & (SecurityProtocol.PROTOCOL_HYBRID | SecurityProtocol.PROTOCOL_HYBRID_EX))
                != 0;
    }

    /// Its Connection Confirm, as it came.
    public byte[] confirm() {
        return confirm.clone();
    }

    /// Whether CredSSP comes next.
    public boolean nla() {
        return isNla(protocol);
    }

    public HostTls tls() {
        return tls;
    }

    /// Idempotent.
    @Override
    public void close() {
        stream.close();
    }
}
