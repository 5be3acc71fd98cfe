package dev.culvert.bench.ground;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// A way from a user to the services that is up: a system under test. Its programs end with the ground. Confined to one
/// thread.
public interface Relay {
    /// The one that every other is compared with: no relay at all.
    String DIRECT = "direct";

    /// A client that a user starts for one connection.
    ///
    /// @param name of the program
    record Shell(String name, List<String> command, Map<String, String> environment) {}

    /// nginx, as the user reaches it.
    Endpoint web();

    /// [Origin]'s HTTP.
    Endpoint origin();

    /// A local TCP port that leads to the echo; each session has its own client program where there is one.
    ///
    /// @param session 0 or 1
    default OptionalInt echo(int session) throws IOException, InterruptedException {
        return OptionalInt.empty();
    }

    /// How the bytes of [#echo] travel, for the report.
    default String echoWay() {
        return "";
    }

    /// Clients for stdin and stdout that lead to the banner.
    default List<Shell> shells() {
        return List.of();
    }

    /// How stock `ssh` comes to the [SshHost].
    default Optional<SshWay> ssh() throws IOException, InterruptedException {
        return Optional.empty();
    }

    /// How a user comes to remote desktops.
    default Optional<DesktopWay> desktops() throws IOException, InterruptedException {
        return Optional.empty();
    }

    /// What is measured beside the load generator and the services.
    List<Program> programs();
}
