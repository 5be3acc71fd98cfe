package dev.culvert.edge.signin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.edge.audit.AuditEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FailedSignInsTest {
    @TempDir Path temp;

    /// Each is a request of somebody who has proven nothing, and no try at a password.
    @Test
    void thoseOfOneNetworkAreWrittenDownToABoundAndCountedBeyond() throws Exception {
        try (LocalSite site = new LocalSite(temp)) {
            MemoryBrowser browser = site.browser();
            for (int i = 0; i < 100; i++) {
                browser.signIn("ann" + i + "@example.com", "wrong");
            }
            assertThat(site.events()).hasSize(60);
            site.audit.maintain();
            List<AuditEvent> events = site.events();
            assertThat(events).hasSize(61).extracting(AuditEvent::outcome).containsOnly("failed");
            assertThat(events.getLast().detail()).isEqualTo("{\"more\":40}");
        }
    }
}
