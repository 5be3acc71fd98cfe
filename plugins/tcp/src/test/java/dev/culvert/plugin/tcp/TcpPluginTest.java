package dev.culvert.plugin.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.culvert.plugin.ByteOrigin;
import dev.culvert.plugin.ClientChosenOrigin;
import dev.culvert.plugin.Endpoint;
import dev.culvert.plugin.OriginPlugin;
import dev.culvert.plugin.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TcpPluginTest {
    private final List<String> problems = new ArrayList<>();

    private ByteOrigin configure(String service) {
        String[] parts = service.split("://", 2);
        return (ByteOrigin)
                new TcpPlugin()
                        .configure(
                                new ServiceSpec(
                                        service,
                                        parts[0],
                                        parts[1],
                                        ServiceSpec.OriginRequest.DEFAULT),
                                (key, problem) -> problems.add(key + ": " + problem));
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://db:5432, db, 5432",
        "tcp://db, db, 7864",
        "smb://files, files, 445",
        "tcp://[::1]:5, ::1, 5"
    })
    void takesTheAddressWithCloudflaredsDefaultPorts(String service, String host, int port) {
        ByteOrigin origin = configure(service);
        assertThat(origin.endpoint()).isEqualTo(new Endpoint.Tcp(host, port));
        assertThat(origin.clientFirst()).isNull();
        assertThat(origin.originFirst()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"tcp://db:5432/x", "tcp://", "tcp://db:0", "tcp://db:70000", "tcp://::1"})
    void reportsAnAddressThatIsNone(String service) {
        assertThat(configure(service)).isNull();
        assertThat(problems).singleElement().asString().startsWith("service: ");
    }

    private ClientChosenOrigin chosen(String service) {
        int colon = service.indexOf(':');
        return (ClientChosenOrigin)
                new TcpPlugin()
                        .configure(
                                new ServiceSpec(
                                        service,
                                        colon < 0 ? service : service.substring(0, colon),
                                        colon < 0 ? "" : service.substring(colon + 1),
                                        ServiceSpec.OriginRequest.DEFAULT),
                                (key, problem) -> problems.add(key + ": " + problem));
    }

    @Test
    void leavesTheDestinationToTheClient() {
        assertThat(chosen("bastion").naming()).isEqualTo(ClientChosenOrigin.Naming.HEADER);
        assertThat(chosen("socks-proxy").naming()).isEqualTo(ClientChosenOrigin.Naming.SOCKS5);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bastion:", "bastion://h:22", "socks-proxy:1080"})
    void aDestinationOfTheClientsHasNoAddress(String service) {
        assertThat(chosen(service)).isNull();
        assertThat(problems).singleElement().asString().contains("alone");
    }

    @Test
    void isFoundByTheServiceLoader() {
        assertThat(ServiceLoader.load(OriginPlugin.class))
                .anySatisfy(p -> assertThat(p.name()).isEqualTo("tcp"));
    }
}
