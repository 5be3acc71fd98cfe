package dev.culvert.plugin.desktop.host;

import dev.culvert.plugin.desktop.session.HostCheck;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.RefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Looks at a host before a session begins: whether there is one, that it speaks what the application says, what
/// protects it, and its certificate. Thread-safe. Blocking.
public final class HostProbe implements HostCheck {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final String BANNER = "RFB ";

    private final HostCertificates certificates;

    public HostProbe(HostCertificates certificates) {
        this.certificates = certificates;
    }

    @Override
    public Looked look(Admitted admitted, String accepted)
            throws IOException, InterruptedException {
        return switch (admitted.kind()) {
            case "rdp" -> rdp(admitted, accepted);
            case "vnc" -> vnc(admitted);
            default -> telnet(admitted);
        };
    }

    private static Duration within(Admitted admitted) {
        Duration connect = admitted.desktop().connect();
        return connect.compareTo(LONGEST) < 0 ? connect : LONGEST;
    }

    private Looked rdp(Admitted admitted, String accepted)
            throws IOException, InterruptedException {
        int protocols = RdpHost.protocols(admitted.desktop().security());
        try (RdpHost host = RdpHost.connect(admitted, null, protocols, within(admitted))) {
            return new Looked(
                    host.nla(), certificates.judge(admitted, host.tls().chain(), accepted));
        }
    }

    private static Looked vnc(Admitted admitted) throws IOException, InterruptedException {
        try (HostStream host = HostStream.open(admitted, within(admitted))) {
            try {
                byte[] banner = host.stream().input().readNBytes(BANNER.length());
                String text = new String(banner, StandardCharsets.ISO_8859_1);
                if (!text.equals(BANNER)) {
                    throw text.isEmpty()
                            ? new EOFException("it closed the connection")
                            : new IOException("it begins with other bytes");
                }
            } catch (IOException e) {
                RefusedException late = host.late();
                throw late == null ? HostFailure.not("vnc", admitted.host(), e) : late;
            }
        }
        return new Looked(false, "");
    }

    private static Looked telnet(Admitted admitted) throws IOException, InterruptedException {
        HostStream.open(admitted, within(admitted)).close();
        return new Looked(false, "");
    }
}
