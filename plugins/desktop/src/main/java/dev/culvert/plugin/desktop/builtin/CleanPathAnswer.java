package dev.culvert.plugin.desktop.builtin;

import dev.culvert.plugin.desktop.host.HostRefusal;
import dev.culvert.plugin.desktop.host.RdpHost;
import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.protocols.rdp.RdCleanPath;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/// What a browser is answered, as IronRDP understands it. Stateless.
final class CleanPathAnswer {
    // Windows' codes of errors of sockets, and TLS's alert.
    private static final int WSAETIMEDOUT = 10060;
    private static final int WSAECONNREFUSED = 10061;
    private static final int WSAEHOSTUNREACH = 10065;
    private static final int WSAHOST_NOT_FOUND = 11001;
    private static final int ALERT_CERTIFICATE_UNKNOWN = 46;

    private CleanPathAnswer() {}

    /// @param destination as the browser knows it: where the host really is is not for it
    static byte[] connected(String destination, RdpHost host) throws CertificateEncodingException {
        List<byte[]> chain = new ArrayList<>();
        for (X509Certificate certificate : host.tls().chain()) {
            chain.add(certificate.getEncoded());
        }
        return new RdCleanPath.Response(destination, host.confirm(), chain).encode();
    }

    static byte[] refused(RefusedException why) {
        if (why.getCause() instanceof HostRefusal refusal) {
            return new RdCleanPath.Failure(RdCleanPath.NEGOTIATION_ERROR, 0, 0, 0, refusal.packet())
                    .encode();
        }
        return switch (why.code()) {
            case "host_refused" -> socket(WSAECONNREFUSED);
            case "host_timed_out" -> socket(WSAETIMEDOUT);
            case "host_unreachable" ->
                    socket(isNameUnknown(why) ? WSAHOST_NOT_FOUND : WSAEHOSTUNREACH);
            case "certificate_unknown", "certificate_changed", "certificate_untrusted" ->
                    general(0, 0, ALERT_CERTIFICATE_UNKNOWN);
            case "denied" -> general(403, 0, 0);
            case "invalid" -> general(400, 0, 0);
            default -> general(502, 0, 0);
        };
    }

    private static boolean isNameUnknown(RefusedException why) {
        return why.getCause() instanceof RefusedException cause
                && cause.code().equals("origin_unknown_name");
    }

    private static byte[] socket(int code) {
        return general(0, code, 0);
    }

    private static byte[] general(int status, int socket, int alert) {
        return new RdCleanPath.Failure(RdCleanPath.GENERAL_ERROR, status, socket, alert, null)
                .encode();
    }
}
