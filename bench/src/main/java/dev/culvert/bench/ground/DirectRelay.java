package dev.culvert.bench.ground;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// No relay: plain connections to the services. Immutable.
final class DirectRelay implements Relay {
    private final Ground ground;

    DirectRelay(Ground ground) {
        this.ground = ground;
    }

    @Override
    public Endpoint web() {
        return Endpoint.plain(ground.far().address(), ground.origins().webPort());
    }

    @Override
    public Endpoint origin() {
        return Endpoint.plain(ground.far().address(), ground.origins().httpPort());
    }

    @Override
    public OptionalInt echo(int session) {
        return OptionalInt.of(ground.origins().echoPort());
    }

    @Override
    public String echoWay() {
        return "TCP";
    }

    @Override
    public Optional<SshWay> ssh() {
        return ground.origins().ssh().map(host -> host.direct(ground.far().address()));
    }

    @Override
    public List<Program> programs() {
        return List.of();
    }
}
