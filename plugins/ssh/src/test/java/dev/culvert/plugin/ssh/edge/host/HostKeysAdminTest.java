package dev.culvert.plugin.ssh.edge.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.culvert.plugin.edge.RefusedException;
import dev.culvert.plugin.ssh.edge.TestEdge;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The kept keys of hosts, as their owner sees them.
final class HostKeysAdminTest {
    private final TestEdge edge = new TestEdge();
    private final HostKeysAdmin admin = new HostKeysAdmin(edge);

    @BeforeEach
    void keep() throws IOException {
        edge.store().put(HostKeys.KIND, "a.example.com", "ssh-ed25519 AAAA".getBytes(), false);
    }

    @Test
    void listsWhatIsKept() throws Exception {
        assertThat(admin.answer("GET", "host-keys"))
                .isEqualTo(
                        "{\"host_keys\":[{\"host\":\"a.example.com\",\"key\":\"ssh-ed25519 AAAA\"}]}");
    }

    @Test
    void forgetsOneAndWritesThatDown() throws Exception {
        assertThat(admin.answer("DELETE", "host-keys/A.example.com"))
                .isEqualTo("{\"forgotten\":true}");
        assertThat(edge.store().all(HostKeys.KIND)).isEmpty();
        assertThat(edge.outcomes()).containsExactly("changed");
        assertThat(edge.notes.getFirst().host()).isEqualTo("a.example.com");
    }

    @Test
    void whatIsNotKeptIsSaidNotToBe() {
        assertThat(refused("DELETE", "host-keys/b.example.com")).isEqualTo("unknown_host");
        assertThat(refused("DELETE", "host-keys")).isEqualTo("unknown_path");
        assertThat(refused("POST", "host-keys")).isEqualTo("unknown_path");
        assertThat(edge.notes).isEmpty();
    }

    private String refused(String method, String path) {
        return catchThrowableOfType(RefusedException.class, () -> admin.answer(method, path))
                .code();
    }
}
