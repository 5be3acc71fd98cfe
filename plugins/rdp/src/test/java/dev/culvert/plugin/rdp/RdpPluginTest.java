package dev.culvert.plugin.rdp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class RdpPluginTest {
    @Test
    void dialsPort3389AndInspectsBothSides() {
        ServiceSpec service =
                new ServiceSpec("rdp://pc", "rdp", "pc", ServiceSpec.OriginRequest.DEFAULT);
        ByteOrigin origin =
                (ByteOrigin)
                        new RdpPlugin()
                                .configure(
                                        service,
                                        (key, problem) -> {
                                            throw new AssertionError(problem);
                                        });
        assertThat(origin).isNotNull();
        assertThat(origin.endpoint()).isEqualTo(new Endpoint.Tcp("pc", 3389));
        assertThat(origin.clientFirst()).isNotNull();
        assertThat(origin.originFirst()).isNotNull();
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(OriginPlugin.class))
                .anySatisfy(p -> assertThat(p.name()).isEqualTo("rdp"));
    }
}
