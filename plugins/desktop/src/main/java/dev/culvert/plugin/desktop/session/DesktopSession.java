package dev.culvert.plugin.desktop.session;

import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.DesktopSettings;
import java.util.function.Consumer;

/// A session that runs, as its engine sees it. Thread-safe.
public interface DesktopSession {
    /// Letters and digits.
    String id();

    /// Whose streams lead to the host.
    Admitted admitted();

    /// Those of [#admitted].
    default DesktopSettings settings() {
        return admitted().desktop();
    }

    /// Closed with the session.
    Login login();

    Screen screen();

    /// Of the host's certificate that was judged good when the session began, as
    /// [DesktopSettings.HostTrust#certificates]; empty for what has none (VNC, telnet).
    String certificate();

    /// Whether the host insists on NLA.
    boolean nla();

    /// Something came from the host or from the user, on any channel: it is not idle. Cheap.
    void active();

    /// Nothing else is needed for the first picture: it is connected.
    void connected();

    /// Calls back once, when it must end: policies, an administrator, idleness, the time to connect, the recording.
    /// At once when that is so already. Must be quick.
    ///
    /// @param ended is given the reason for people
    void onEnd(Consumer<String> ended);

    /// Ends it, for a reason for people. Idempotent.
    void end(String reason);

    /// From now on administrators can watch.
    void watchable(Viewing viewing);

    /// Of its recording.
    void recordedAs(String recording);

    /// A line for the audit log about it, besides that it was opened and ended.
    void note(String outcome, Object... details);
}
