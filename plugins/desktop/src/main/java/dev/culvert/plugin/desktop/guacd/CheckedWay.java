package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.host.RdpHost;
import dev.culvert.plugin.desktop.host.ShownCertificate;
import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.ProtocolException;
import dev.culvert.protocols.rdp.ConnectionPacket;
import dev.culvert.protocols.rdp.ConnectionRequest;
import dev.culvert.protocols.rdp.SecurityProtocol;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLSocket;

/// To an RDP host without NLA, which is sent the password: TLS ends here. The host has to show the certificate that was
/// judged when the session began, which guacd before 1.6 cannot look at; guacd is shown the edge's own.
///
/// @param session whose host it is
/// @param certificate what guacd is shown
record CheckedWay(DesktopSession session, EdgeCertificate certificate) implements HostWay {
    @Override
    public Joined join(Socket guacd) throws IOException, InterruptedException {
        String cookie = request(guacd.getInputStream()).cookie();
        RdpHost host =
                RdpHost.connect(
                        session.admitted(),
                        cookie,
                        SecurityProtocol.PROTOCOL_SSL,
                        session.settings().connect());
        boolean joined = false;
        try {
            check(ShownCertificate.fingerprint(host.tls().chain().getFirst()));
            guacd.getOutputStream().write(host.confirm());
            SSLSocket inside = certificate.serve(guacd);
            Joined ends =
                    new Joined(
                            inside.getInputStream(),
                            new PlainWay.Ending(inside.getOutputStream(), inside::shutdownOutput),
                            host.tls().input(),
                            host.tls().output(),
                            host);
            joined = true;
            return ends;
        } finally {
            if (!joined) {
                host.close();
            }
        }
    }

    private void check(String fingerprint) throws RefusedException {
        if (!fingerprint.equals(session.certificate())) {
            throw new RefusedException(
                    "certificate_changed",
                    session.admitted().host()
                            + " shows another certificate than a moment ago: "
                            + fingerprint
                            + ".",
                    "Somebody may have put themselves between; ask the host's owner.");
        }
    }

    /// guacd's first packet, and not a byte more. What it asks for is known; brokers look at its user's name.
    private static ConnectionRequest request(InputStream in) throws IOException {
        byte[] packet = new byte[ConnectionPacket.MAX_LENGTH];
        int have = 0;
        try {
            while (true) {
                ByteBuffer seen = ByteBuffer.wrap(packet, 0, have);
                ByteBuffer body =
                        ConnectionPacket.variablePart(seen, ConnectionPacket.CONNECTION_REQUEST);
                if (body != null) {
                    return ConnectionRequest.decode(body);
                }
                int want = have < 6 ? 6 : seen.getShort(2) & 0xffff;
                int count = in.read(packet, have, want - have);
                if (count < 0) {
                    throw new EOFException("guacd asked the host for nothing");
                }
                have += count;
            }
        } catch (ProtocolException e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
