package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.desktop.host.RdpHost;
import dev.culvert.plugin.desktop.host.ShownCertificate;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Desktops;
import dev.culvert.plugin.edge.DesktopSettings.Security;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.edge.web.BrowserSocket;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.SecurityProtocol;
import dev.culvert.protocols.websocket.CloseCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.cert.CertificateEncodingException;
import org.jspecify.annotations.Nullable;

/// One session: the browser's request, the host, and bytes both ways until one of them, or somebody else, ends it.
///
/// The thread that runs it reads what the browser sends and writes it to the host; another one does the other
/// direction.
final class RdpSession implements BrowserSocket.Receiver {
    private static final int PIECE = 16 * 1024;

    private final DesktopSession session;
    private final BrowserSocket socket;
    private final SessionEnd end;
    private final ChannelNumbers channels = new ChannelNumbers();
    private @Nullable CleanPathRequest request = new CleanPathRequest();
    private @Nullable BrowserPackets packets;

    RdpSession(DesktopSession session, HttpExchange exchange) {
        this.session = session;
        this.socket = new BrowserSocket(exchange, this);
        this.end = new SessionEnd(socket);
    }

    void run() throws IOException {
        socket.accept();
        try {
            session.onEnd(reason -> end.begin(CloseCode.POLICY_VIOLATION, reason));
            end.watch();
            socket.read();
        } catch (IOException e) {
            // The browser is gone, or was told why it ends.
        } finally {
            end.finish();
            socket.end();
        }
    }

    @Override
    public void text(byte[] bytes) throws ProtocolException {
        throw new ProtocolException("message: a text (expected: binary ones)");
    }

    @Override
    public void binary(ByteBuffer bytes) throws IOException {
        if (end.begun()) {
            return;
        }
        session.active();
        try {
            ByteBuffer rest = bytes.slice();
            if (request != null) {
                open(request, rest);
            }
            if (packets != null) {
                packets.add(rest);
            }
        } catch (ProtocolException e) {
            refuse(new RefusedException("invalid", e.getMessage() + ".", "Reload the page."));
        } catch (RefusedException e) {
            refuse(e);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } catch (IOException e) {
            lost(e);
        }
    }

    private void open(CleanPathRequest open, ByteBuffer bytes)
            throws IOException, ProtocolException, InterruptedException {
        ConnectionRequest asked = open.add(session, bytes);
        if (asked == null) {
            return;
        }
        RdpHost host =
                RdpHost.connect(
                        session.admitted(),
                        asked.cookie(),
                        protocols(asked),
                        session.settings().connect());
        end.closes(host);
        check(host);
        byte[] answer = answer(host);
        socket.binary(answer, answer.length);
        request = null;
        BrowserPackets from =
                new BrowserPackets(session, host.nla(), channels, host.tls().output());
        packets = from;
        end.closes(Thread.ofVirtual().name("rdp-to-browser").start(() -> pump(host, from)));
    }

    /// What the browser asks for, as far as the application takes it. With a stored login it is the edge that signs in,
    /// which is where the browser would without CredSSP.
    private int protocols(ConnectionRequest asked) throws RefusedException {
        Security security =
                session.login().isStored() ? Security.TLS : session.settings().security();
        int wanted = asked.requestedProtocols() & RdpHost.protocols(security);
        if (asked.requestedProtocols() == -1 || wanted == SecurityProtocol.PROTOCOL_RDP) {
            throw new RefusedException(
                    "security_mode",
                    "The browser asks for "
                            + SecurityProtocol.names(asked.requestedProtocols())
                            + ", and the application takes "
                            + SecurityProtocol.names(RdpHost.protocols(security))
                            + ".",
                    "Reload the page.");
        }
        return wanted;
    }

    /// It has to be what it was when the session began.
    private void check(RdpHost host) throws RefusedException {
        String shown = ShownCertificate.fingerprint(host.tls().chain().getFirst());
        if (!shown.equals(session.certificate())) {
            throw new RefusedException(
                    "certificate_changed",
                    session.admitted().host()
                            + " shows another certificate than when the session began.",
                    "Connect again.");
        }
        if (session.nla() && !host.nla()) {
            throw new RefusedException(
                    "security_mode",
                    session.admitted().host()
                            + " did NLA when the session began, and now does not.",
                    "Connect again.");
        }
    }

    private byte[] answer(RdpHost host) throws IOException {
        try {
            return CleanPathAnswer.connected(Desktops.destination(session.admitted()), host);
        } catch (CertificateEncodingException e) {
            throw new IOException("the host's certificate cannot be passed on", e);
        }
    }

    /// From the host to the browser.
    private void pump(RdpHost host, BrowserPackets packets) {
        HostPackets reading = new HostPackets(host.nla(), channels);
        byte[] bytes = new byte[PIECE];
        try {
            int count = host.tls().input().read(bytes);
            while (count >= 0) {
                session.active();
                reading.see(bytes, count);
                socket.binary(bytes, count);
                count = host.tls().input().read(bytes);
            }
            over(packets);
        } catch (ProtocolException e) {
            end.begin(
                    CloseCode.INTERNAL_ERROR,
                    session.admitted().host()
                            + " does not speak RDP as expected: "
                            + e.getMessage());
        } catch (IOException e) {
            lost(e);
        }
    }

    /// Hosts that do not let somebody in just close, most of them.
    private void over(BrowserPackets packets) {
        if (packets.isShown()) {
            end.begin(CloseCode.NORMAL, "");
        } else {
            end.begin(
                    CloseCode.INTERNAL_ERROR,
                    session.admitted().host()
                            + " ended it before it showed anything: check user and password.");
        }
    }

    private void lost(IOException cause) {
        end.begin(
                CloseCode.INTERNAL_ERROR,
                "The connection to " + session.admitted().host() + " broke: " + cause.getMessage());
    }

    /// Before the answer the browser's library shows why; after it the close frame alone does.
    private void refuse(RefusedException why) throws IOException {
        session.note("denied", "code", why.code(), "reason", why.getMessage());
        if (packets == null) {
            byte[] answer = CleanPathAnswer.refused(why);
            socket.binary(answer, answer.length);
        }
        end.begin(CloseCode.INTERNAL_ERROR, why.getMessage());
    }
}
