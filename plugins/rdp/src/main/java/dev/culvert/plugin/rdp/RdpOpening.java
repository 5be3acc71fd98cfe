package dev.culvert.plugin.rdp;

import dev.culvert.plugin.FirstBytes;
import dev.culvert.plugin.SpokenProtocol;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ConnectionConfirm;
import dev.culvert.protocols.rdp.ConnectionPacket;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.SecurityProtocol;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Recognises the packet that opens RDP, a [ConnectionPacket] with a [ConnectionRequest] or a [ConnectionConfirm]. A
/// server's refusal passes: the client shows it best. Immutable.
final class RdpOpening implements FirstBytes {
    private final Side side;
    private final RdpSecurity security;

    enum Side {
        CLIENT("client", ConnectionPacket.CONNECTION_REQUEST, 30),
        /// Servers answer at once; a gateway in front of one may first wake a machine.
        ORIGIN("origin", ConnectionPacket.CONNECTION_CONFIRM, 90);

        private final String who;
        private final int code;
        private final int seconds;

        Side(String who, int code, int seconds) {
            this.who = who;
            this.code = code;
            this.seconds = seconds;
        }
    }

    RdpOpening(Side side, RdpSecurity security) {
        this.side = side;
        this.security = security;
    }

    @Override
    public int maxBytes() {
        return ConnectionPacket.MAX_LENGTH;
    }

    @Override
    public Duration within() {
        return Duration.ofSeconds(side.seconds);
    }

    @Override
    public Verdict inspect(ByteBuffer seen, boolean end) {
        ByteBuffer packet = seen.slice();
        int have = packet.remaining();
        if (have == 0) {
            return end
                    ? new Verdict.Refuse("the " + side.who + " closed before it sent anything")
                    : Verdict.MORE;
        }
        if (!ConnectionPacket.begins(packet, side.code)) {
            return have < SpokenProtocol.ENOUGH && !end ? Verdict.MORE : foreign(packet);
        }
        try {
            ByteBuffer body = ConnectionPacket.variablePart(packet, side.code);
            if (body == null) {
                return end ? cut() : Verdict.MORE;
            }
            return side == Side.CLIENT ? client(body) : origin(body);
        } catch (ProtocolException e) {
            return new Verdict.Refuse("the " + side.who + "'s " + e.getMessage());
        }
    }

    private Verdict client(ByteBuffer body) throws ProtocolException {
        ConnectionRequest request = ConnectionRequest.decode(body);
        return verdict(security.client(request.requestedProtocols()), request.summary());
    }

    private Verdict origin(ByteBuffer body) throws ProtocolException {
        return switch (ConnectionConfirm.decode(body)) {
            case ConnectionConfirm.Old() -> verdict(security.origin(0), "security=rdp");
            case ConnectionConfirm.Chosen(int protocol) ->
                    verdict(
                            security.origin(protocol),
                            "security=" + SecurityProtocol.names(protocol));
            case ConnectionConfirm.Failed failed -> new Verdict.Accept("refused=" + failed.name());
        };
    }

    private static Verdict verdict(@Nullable String refusal, String summary) {
        return refusal == null ? new Verdict.Accept(summary) : new Verdict.Refuse(refusal);
    }

    private Verdict foreign(ByteBuffer packet) {
        SpokenProtocol spoken = SpokenProtocol.of(packet);
        String what =
                spoken == SpokenProtocol.RDP ? "an RDP packet of another kind" : spoken.words();
        return new Verdict.Refuse(
                side == Side.CLIENT
                        ? "the client sent " + what + ", this service speaks RDP"
                        : "the origin sent " + what + ", expected an RDP server");
    }

    private Verdict cut() {
        return new Verdict.Refuse("the " + side.who + " closed in the middle of its first packet");
    }
}
