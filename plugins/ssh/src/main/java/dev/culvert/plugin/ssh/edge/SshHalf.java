package dev.culvert.plugin.ssh.edge;

import dev.culvert.plugin.HttpExchange;
import dev.culvert.plugin.edge.Admitted;
import dev.culvert.plugin.edge.Connection;
import dev.culvert.plugin.edge.EdgeHalf;
import dev.culvert.plugin.edge.EdgeServices;
import dev.culvert.plugin.ssh.edge.ca.Authority;
import dev.culvert.plugin.ssh.edge.ca.AuthorityAdmin;
import dev.culvert.plugin.ssh.edge.ca.SigningEndpoint;
import dev.culvert.plugin.ssh.edge.gateway.Gateway;
import dev.culvert.plugin.ssh.edge.host.HostClient;
import dev.culvert.plugin.ssh.edge.host.HostKeys;
import dev.culvert.plugin.ssh.edge.host.HostKeysAdmin;
import dev.culvert.plugin.ssh.edge.io.SessionTimer;
import dev.culvert.plugin.ssh.edge.terminal.Terminals;
import dev.culvert.plugin.ssh.edge.web.TerminalPage;
import dev.culvert.protocols.stream.HeaderList;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;

/// The running half: who asks for what. Thread-safe.
final class SshHalf implements EdgeHalf {
    private final ScheduledExecutorService timer = SessionTimer.start();
    private final HostClient hosts;
    private final TerminalPage page = new TerminalPage();
    private final Terminals terminals;
    private final SigningEndpoint signing;
    private final AuthorityAdmin authorities;
    private final HostKeysAdmin hostKeys;
    private final Gateway gateway;

    /// @throws IOException when the gateway's keys cannot be read or made
    SshHalf(EdgeServices services) throws IOException {
        Authority authority = new Authority(services);
        HostKeys keys = new HostKeys(services, authority::ofHosts);
        hosts = new HostClient(timer, keys, authority);
        terminals = new Terminals(services, hosts, timer);
        signing = new SigningEndpoint(services, authority);
        authorities = new AuthorityAdmin(services, authority);
        hostKeys = new HostKeysAdmin(services);
        gateway = new Gateway(services, authority, keys, timer);
    }

    @Override
    public void browser(Admitted admitted, HttpExchange exchange)
            throws IOException, InterruptedException {
        if (!page.handle(exchange) && !terminals.handle(admitted, exchange)) {
            exchange.respond(303, HeaderList.of("Location", "/"), new byte[0]);
        }
    }

    @Override
    public Set<String> authPaths() {
        return Set.of(SigningEndpoint.PATH);
    }

    @Override
    public void auth(String path, String address, HttpExchange exchange) throws IOException {
        signing.handle(address, exchange);
    }

    @Override
    public String admin(String method, String path, String body) throws IOException {
        return hostKeys.has(path)
                ? hostKeys.answer(method, path)
                : authorities.answer(method, path, body);
    }

    @Override
    public void accept(Connection client) throws IOException {
        gateway.accept(client);
    }

    @Override
    public void close() {
        gateway.close();
        hosts.close();
        timer.shutdownNow();
    }
}
