package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Login;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ClientInfoPdu;
import dev.culvert.protocols.rdp.McsConnectInitial;
import dev.culvert.protocols.rdp.McsPdu;
import dev.culvert.protocols.rdp.RdpPacket;
import dev.culvert.protocols.rdp.SharePdu;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// What a browser sends to a host, packet by packet: passed on, changed, or left out, as the application says. What
/// cannot be read ends the session.
///
/// States: **first** (CredSSP, if the host wants it, then MCS Connect Initial) → **opening** (channels, then who signs
/// in) → **open**.
///
/// Static channels that the browser may not use get another name, which hosts do not know: their number stays, and
/// what is sent there is left out. Only the clipboard's is let through: those of drives, printers and sound are not,
/// nor is the one of dynamic channels, among which are input, cameras and drives.
///
/// Confined to one thread.
final class BrowserPackets implements PacketReader.Receiver {
    private static final String NO_CHANNEL = "none";

    /// What somebody who only looks has to say.
    private static final Set<Integer> LOOKING =
            Set.of(
                    SharePdu.PDUTYPE2_CONTROL,
                    SharePdu.PDUTYPE2_SYNCHRONIZE,
                    SharePdu.PDUTYPE2_REFRESH_RECT,
                    SharePdu.PDUTYPE2_SUPPRESS_OUTPUT,
                    SharePdu.PDUTYPE2_FONTLIST,
                    SharePdu.PDUTYPE2_BITMAPCACHE_PERSISTENT_LIST,
                    SharePdu.PDUTYPE2_FRAME_ACKNOWLEDGE);

    /// A request, an answer to a challenge, and an error.
    private static final int LICENSINGS = 3;

    private enum State {
        FIRST,
        OPENING,
        OPEN
    }

    private final DesktopSession session;
    private final boolean nla;
    private final ChannelNumbers channels;
    private final OutputStream host;
    private final PacketReader reader;
    private final ClipboardGuard clipboard = new ClipboardGuard();
    private State state = State.FIRST;
    private boolean signedIn;

    /// How many more messages of licensing may come. A host that wants none any more could read what comes as such as
    /// input: of who only looks the first one passes, which every host reads as what it is.
    private int licensings;

    private volatile boolean shown;

    /// @param nla whether the host wants CredSSP first
    /// @param host each write goes out at once
    BrowserPackets(
            DesktopSession session, boolean nla, ChannelNumbers channels, OutputStream host) {
        this.session = session;
        this.nla = nla;
        this.channels = channels;
        this.host = host;
        this.reader = new PacketReader(nla, this);
        this.licensings = session.settings().readOnly() ? 1 : LICENSINGS;
    }

    /// @param bytes all of them are taken
    void add(ByteBuffer bytes) throws IOException, ProtocolException {
        reader.add(bytes);
    }

    /// Whether the browser is ready for pictures, and so the host has let its user in. For any thread.
    boolean isShown() {
        return shown;
    }

    @Override
    public boolean packet(RdpPacket.Kind kind, ByteBuffer packet)
            throws IOException, ProtocolException {
        switch (kind) {
            case CREDSSP -> pass(packet);
            case FAST_PATH -> input(packet);
            case TPKT -> {
                if (state == State.FIRST) {
                    first(packet);
                } else {
                    data(packet);
                }
            }
        }
        return kind == RdpPacket.Kind.CREDSSP;
    }

    /// The fast path of a client is input and nothing else.
    private void input(ByteBuffer packet) throws IOException, ProtocolException {
        if (state != State.OPEN) {
            throw new ProtocolException("RDP packet: input before the session is open");
        }
        if (!session.settings().readOnly()) {
            pass(packet);
        }
    }

    private void first(ByteBuffer packet) throws IOException, ProtocolException {
        McsConnectInitial initial = McsConnectInitial.of(packet);
        boolean _ = initial.preferTrueColour();
        List<String> names = initial.channels();
        for (int i = 0; i < names.size(); i++) {
            if (!allows(names, i)) {
                initial.rename(i, NO_CHANNEL + i);
            }
        }
        channels.ask(initial.channels());
        pass(packet);
        state = State.OPENING;
    }

    /// One of each name, no more: it is found by its name.
    private boolean allows(List<String> names, int channel) {
        DesktopSettings settings = session.settings();
        String name = names.get(channel);
        return name.equalsIgnoreCase(ClipboardGuard.CHANNEL)
                && settings.clipboard() == DesktopSettings.Direction.BOTH
                && !settings.readOnly()
                && names.stream().limit(channel).noneMatch(other -> other.equalsIgnoreCase(name));
    }

    private void data(ByteBuffer packet) throws IOException, ProtocolException {
        switch (McsPdu.of(RdpPacket.data(packet))) {
            case McsPdu.ErectDomain _,
                    McsPdu.AttachUser _,
                    McsPdu.ChannelJoin _,
                    McsPdu.Disconnect _ ->
                    pass(packet);
            case McsPdu.SendData send -> send(send, packet);
        }
    }

    private void send(McsPdu.SendData send, ByteBuffer packet)
            throws IOException, ProtocolException {
        int channel = send.channel();
        if (channels.isIo(channel)) {
            if (signedIn) {
                share(send.data(), packet);
            } else {
                signIn(send);
            }
        } else if (channels.isMessages(channel)
                || channels.is(channel, ClipboardGuard.CHANNEL) && clipboard.passes(send.data())) {
            pass(packet);
        }
    }

    private void signIn(McsPdu.SendData send) throws IOException, ProtocolException {
        try (ClientInfoPdu info = ClientInfoPdu.of(send.data());
                Login login = session.login().copy()) {
            info.plainDesktop();
            if (login.isStored()) {
                char[] password = login.password();
                info.signIn(login.domain(), login.user(), password);
                Arrays.fill(password, '\0');
            }
            if (!nla && info.hasPassword()) {
                info.signInAtOnce();
            }
            ByteBuffer data = info.data();
            ByteBuffer packet = McsPdu.SendData.packet(send.initiator(), send.channel(), data);
            try {
                pass(packet);
            } finally {
                Arrays.fill(data.array(), (byte) 0);
                Arrays.fill(packet.array(), (byte) 0);
            }
        }
        signedIn = true;
    }

    private void share(ByteBuffer data, ByteBuffer packet) throws IOException, ProtocolException {
        if (state == State.OPENING && licensings > 0 && SharePdu.isLicensing(data)) {
            licensings--;
            pass(packet);
            return;
        }
        licensings = 0;
        List<SharePdu> pdus = SharePdu.all(data);
        if (!session.settings().readOnly() || pdus.stream().allMatch(BrowserPackets::looks)) {
            pass(packet);
        }
        for (SharePdu pdu : pdus) {
            if (pdu.type() == SharePdu.PDUTYPE_CONFIRMACTIVEPDU) {
                state = State.OPEN;
            } else if (pdu.dataType() == SharePdu.PDUTYPE2_FONTLIST) {
                shown = true;
                session.connected();
            }
        }
    }

    private static boolean looks(SharePdu pdu) {
        return pdu.type() == SharePdu.PDUTYPE_CONFIRMACTIVEPDU
                || pdu.type() == SharePdu.PDUTYPE_DATAPDU && LOOKING.contains(pdu.dataType());
    }

    private void pass(ByteBuffer packet) throws IOException {
        host.write(packet.array(), packet.arrayOffset() + packet.position(), packet.remaining());
    }
}
