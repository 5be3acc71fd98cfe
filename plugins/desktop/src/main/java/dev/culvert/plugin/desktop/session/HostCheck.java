package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.Admitted;
import java.io.IOException;

/// Looks at a host before a session with it begins. Thread-safe. Blocking, at most as long as the application's time to
/// connect.
public interface HostCheck {
    /// @param accepted fingerprint of the certificate that the user has accepted; empty for none
    /// @throws CertificateQuestion when the user has to be asked
    /// @throws dev.culvert.plugin.edge.RefusedException when there is no session with this host
    Looked look(Admitted admitted, String accepted) throws IOException, InterruptedException;

    /// @param nla whether the host insists on NLA
    /// @param certificate the host's, as [DesktopSession#certificate]; empty for none
    record Looked(boolean nla, String certificate) {}
}
