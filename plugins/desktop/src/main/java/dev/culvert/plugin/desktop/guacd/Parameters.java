package dev.culvert.plugin.desktop.guacd;

import dev.culvert.plugin.desktop.session.DesktopSession;
import dev.culvert.plugin.desktop.session.Login;
import dev.culvert.plugin.edge.DesktopSettings;
import dev.culvert.plugin.edge.GuacdSettings;
import dev.culvert.plugin.edge.RefusedException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What guacd is told about a host and a session. What a policy needs is told by all means, or there is no session; the rest
/// as far as this guacd knows it. Holds a secret.
///
/// Used by one thread.
final class Parameters {
    private static final String ON = "true";

    private final Map<String, String> values = new HashMap<>();
    private final Set<String> demanded;

    private Parameters(Set<String> demanded) {
        this.demanded = demanded;
        demanded.forEach(name -> values.put(name, ON));
    }

    /// Of whoever watches.
    static Parameters watching(String kind, Rights rights) {
        return new Parameters(rights.denials(kind, false));
    }

    /// Of a session's user.
    ///
    /// @param port where guacd finds the host
    /// @param certificate that it is shown there, its fingerprint; empty for none
    static Parameters of(
            DesktopSession session,
            Rights rights,
            GuacdSettings guacd,
            InetSocketAddress port,
            String certificate) {
        String kind = session.admitted().kind();
        boolean drive = drives(kind, rights, guacd);
        Parameters parameters = new Parameters(demanded(session, rights.denials(kind, drive)));
        parameters.put("hostname", port.getAddress().getHostAddress());
        parameters.put("port", Integer.toString(port.getPort()));
        parameters.login(session.login());
        switch (kind) {
            case "rdp" -> parameters.rdp(session, certificate, drive ? guacd.drive() : null);
            default -> {}
        }
        return parameters;
    }

    /// With NLA nobody but guacd sees which certificate the host shows. Where the application says which are good, it has
    /// to be one that looks.
    private static Set<String> demanded(DesktopSession session, Set<String> denials) {
        DesktopSettings.HostTrust trust = session.settings().host();
        boolean isVouchedFor = !trust.certificates().isEmpty() || !trust.authorities().isEmpty();
        Set<String> demanded = new HashSet<>(denials);
        if (session.nla() && isVouchedFor) {
            demanded.add("cert-fingerprints");
        }
        return demanded;
    }

    static boolean drives(String kind, Rights rights, GuacdSettings guacd) {
        return kind.equals("rdp") && rights.files() && guacd.drive() != null;
    }

    private void put(String name, String value) {
        values.put(name, value);
    }

    /// guacd types it at a telnet host's prompts, once there is a name.
    private void login(Login login) {
        char[] password = login.password();
        put("username", login.user());
        put("password", new String(password));
        Arrays.fill(password, '\0');
    }

    private void rdp(DesktopSession session, String certificate, @Nullable String drive) {
        put("domain", session.login().domain());
        put("security", session.nla() ? "nla" : "tls");
        put("cert-fingerprints", fingerprint(certificate));
        put("resize-method", "display-update");
        put("color-depth", "24");
        put("enable-font-smoothing", ON);
        put("client-name", "culvert");
        put("server-layout", layout(session));
        if (drive != null) {
            put("enable-drive", ON);
            put("drive-name", "Files");
            put("drive-path", drive + "/" + session.id());
            put("create-drive-path", ON);
            pause();
        }
    }

    /// guacd before 1.6 shows its drive to the session's user while that user is still being let in, and on a busy machine
    /// to nobody. The second it waits after waking a host up (a packet to itself, which nobody hears) is enough.
    private void pause() {
        put("wol-send-packet", ON);
        put("wol-mac-addr", "00:00:00:00:00:00");
        put("wol-broadcast-addr", "127.0.0.1");
        put("wol-wait-time", "1");
    }

    private static String layout(DesktopSession session) {
        String chosen = session.screen().keyboard();
        String layout = chosen.isEmpty() ? session.settings().keyboard() : chosen;
        if (layout == null) {
            return "en-us-qwerty";
        }
        return layout.equals("unicode") ? "failsafe" : layout;
    }

    /// As FreeRDP writes it: `sha256:ab:cd:…`.
    private static String fingerprint(String certificate) {
        int colon = certificate.indexOf(':');
        String digits = certificate.substring(colon + 1).toLowerCase(Locale.ROOT);
        return "sha256:" + digits.replaceAll("(..)(?!$)", "$1:");
    }

    /// @param known the names in guacd's `args`
    /// @throws RefusedException when this guacd could not be told what policy forbids
    Map<String, String> known(Set<String> known) throws RefusedException {
        require(demanded, known);
        Map<String, String> told = new HashMap<>(values);
        boolean isOld = !known.contains("cert-fingerprints");
        if (isOld && told.containsKey("cert-fingerprints")) {
            // Before 1.6 it takes any or none: without NLA CheckedWay looks after that.
            told.put("ignore-cert", ON);
        }
        if (!isOld) {
            told.keySet().removeIf(name -> name.startsWith("wol-"));
        }
        told.keySet().retainAll(known);
        return told;
    }

    /// @throws RefusedException when one is missing
    static void require(Set<String> demanded, Set<String> known) throws RefusedException {
        Set<String> missing = new HashSet<>(demanded);
        missing.removeAll(known);
        if (!missing.isEmpty()) {
            throw new RefusedException(
                    "guacd_refused",
                    "This guacd does not know "
                            + String.join(", ", missing)
                            + ", which the application's policy needs.",
                    "Run a newer guacd.");
        }
    }

    /// Without what is secret.
    @Override
    public String toString() {
        return "Parameters" + values.keySet();
    }
}
