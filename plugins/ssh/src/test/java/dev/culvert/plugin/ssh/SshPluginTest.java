package dev.culvert.plugin.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class SshPluginTest {
    @Test
    void dialsPort22AndInspectsBothSides() {
        ServiceSpec service =
                new ServiceSpec("ssh://host", "ssh", "host", ServiceSpec.OriginRequest.DEFAULT);
        ByteOrigin origin =
                (ByteOrigin)
                        new SshPlugin()
                                .configure(
                                        service,
                                        (key, problem) -> {
                                            throw new AssertionError(problem);
                                        });
        assertThat(origin).isNotNull();
        assertThat(origin.endpoint()).isEqualTo(new Endpoint.Tcp("host", 22));
        assertThat(origin.clientFirst()).isInstanceOf(ClientVersion.class);
        assertThat(origin.originFirst()).isInstanceOf(OriginVersion.class);
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(OriginPlugin.class))
                .anySatisfy(p -> assertThat(p.name()).isEqualTo("ssh"));
    }
}
